/* Deeply nested brackets, on the stack that a runtime gives by default.
 *
 * In:  a parser that has come far down, at an expression that it has not parsed yet. Out: the same parser, which remembers
 *      the expressions far inside of this one.
 *
 * The parser comes down some thirty functions for each bracket, and remembers the result of an expression by its first
 * token. So the innermost expressions are parsed first, each from here: whoever comes down to one finds it ready, and
 * nobody comes down further than the brackets between two of them. CPython's limit, 200 brackets, then fits. */
#include <Python.h>
#include "pegen.h"

#include "recursion.h"

#include <stdbool.h>

enum { BRACKETS_APART = 16 };

static bool opens(const Token *token) { return token->type == LPAR || token->type == LSQB || token->type == LBRACE; }

static bool closes(const Token *token) { return token->type == RPAR || token->type == RSQB || token->type == RBRACE; }

/* Whether an expression may start after this token: a bracket, an operator, a keyword. */
static bool leads(const Token *token) {
  switch (token->type) {
    case NAME:
    case NUMBER:
    case STRING:
    case FSTRING_END:
    case DOT:
      return false;
    default:
      return !closes(token);
  }
}

/* Reads up to the end of the expression that starts here: a comma, or the end of the bracket around. -1: the source has an
 * error. Else how many brackets are open there, which is more than none where the text ends too early. */
static int read_ahead(Parser *p, int *end) {
  int depth = 0;
  for (*end = p->mark;; ++*end) {
    if (*end == p->fill && _PyPegen_fill_token(p) < 0) return -1;
    const Token *token = p->tokens[*end];
    bool ends = token->type == ENDMARKER || token->type == NEWLINE;
    if (ends || (depth == 0 && (token->type == COMMA || closes(token)))) return depth;
    depth += opens(token) - closes(token);
  }
}

void pywasm_parse_inner_first(Parser *p, expr_ty (*rule)(Parser *)) {
  if (p->level < pywasm_parser_limit / 2) return;
  int start = p->mark, at;
  int depth = read_ahead(p, &at);
  if (depth < 0) p->error_indicator = 1;
  for (; at > start && !p->error_indicator; at--) {
    /* Now `depth` brackets are open before the token at `at`. */
    if (depth > 0 && depth % BRACKETS_APART == 0 && leads(p->tokens[at - 1])) {
      p->mark = at;
      (void)rule(p);
    }
    if (closes(p->tokens[at - 1])) depth++;
    else depth -= opens(p->tokens[at - 1]);
  }
  p->mark = start;
}
