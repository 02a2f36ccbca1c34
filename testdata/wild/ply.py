"""A lexer and a parser by the docstrings of their functions, with precedence, errors and recovery."""

import ply.lex as lex
import ply.yacc as yacc

tokens = ("NAME", "NUMBER")
literals = "=+-*/()"
t_NAME = r"[a-zA-Z_]\w*"
t_ignore = " \t"
names = {}


def t_NUMBER(t):
    r"\d+(\.\d+)?"
    t.value = float(t.value)
    return t


def t_error(t):
    print("illegal", repr(t.value[0]))
    t.lexer.skip(1)


precedence = (("left", "+", "-"), ("left", "*", "/"), ("right", "UMINUS"))


def p_assign(p):
    "statement : NAME '=' expression"
    names[p[1]] = p[3]


def p_show(p):
    "statement : expression"
    print(p[1])


def p_binary(p):
    """expression : expression '+' expression
    | expression '-' expression
    | expression '*' expression
    | expression '/' expression"""
    p[0] = {"+": p[1] + p[3], "-": p[1] - p[3], "*": p[1] * p[3], "/": p[1] / (p[3] or 1)}[p[2]]


def p_minus(p):
    "expression : '-' expression %prec UMINUS"
    p[0] = -p[2]


def p_group(p):
    "expression : '(' expression ')'"
    p[0] = p[2]


def p_number(p):
    "expression : NUMBER"
    p[0] = p[1]


def p_name(p):
    "expression : NAME"
    p[0] = names.get(p[1], 0)


def p_error(p):
    print("syntax error at", p and p.value)


lexer = lex.lex()
lexer.input("x = 3 * (y1 + 4.5) $")
print([(token.type, token.value, token.lexpos) for token in lexer])
parser = yacc.yacc(write_tables=False, debug=False)
for line in ["1 + 2 * 3", "x = 5 - 2 - 1", "-x * (2 + 1)", "1 + * 2"]:
    parser.parse(line, lexer=lex.lex())
print(names)
