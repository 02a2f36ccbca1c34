/* Finds the steps of a module's code.
 *
 * Takes a code object and the place of an instruction. Gives the step that led there: the last instruction before it
 * at which nothing lies on the frame's stack. All that a module has done by then is in its names, so another frame can
 * go on from there. A place in a loop is no step, since it is passed more than once; its first instruction is.
 *
 * The host asks in the middle of a system call, when no thread holds the interpreter: nothing here may use it. */
#include "steps.h"

#define NEED_OPCODE_METADATA_EXTERN 1
#include "opcode_ids.h"
#include "pycore_code.h"
#include "pycore_opcode_metadata.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* One instruction with its prefixes and caches. */
struct instruction {
  int start, next, opcode, argument;
};

static struct instruction read_instruction(const _Py_CODEUNIT *units, int count, int at) {
  struct instruction read = {.start = at, .argument = 0};
  do {
    read.opcode = _PyOpcode_Deopt[units[at].op.code];
    read.argument = read.argument << 8 | units[at].op.arg;
    at++;
  } while (read.opcode == EXTENDED_ARG && at < count);
  at += _PyOpcode_Caches[read.opcode];
  read.next = at < count ? at : count;
  return read;
}

/* Where an instruction may jump to, or -1. */
static int target_of(const struct instruction *from) {
  switch (from->opcode) {
    case JUMP_FORWARD:
    case POP_JUMP_IF_FALSE:
    case POP_JUMP_IF_TRUE:
    case POP_JUMP_IF_NONE:
    case POP_JUMP_IF_NOT_NONE:
    case FOR_ITER:
    case SEND:
      return from->next + from->argument;
    case JUMP_BACKWARD:
    case JUMP_BACKWARD_NO_INTERRUPT:
      return from->next - from->argument;
    default:
      return -1;
  }
}

static bool falls_through(int opcode) {
  switch (opcode) {
    case JUMP_FORWARD:
    case JUMP_BACKWARD:
    case JUMP_BACKWARD_NO_INTERRUPT:
    case RETURN_VALUE:
    case RETURN_CONST:
    case RAISE_VARARGS:
    case RERAISE:
      return false;
    default:
      return true;
  }
}

/* An exception handler: what it protects, and where it begins. */
struct handler {
  int start, end, target;
};

/* What is known of each unit of a code object. */
struct map {
  const _Py_CODEUNIT *units;
  int count;
  int *depth;    /* values on the stack before the instruction that starts here; -1: none starts here, or never runs */
  int *previous; /* the start of the instruction before */
  int *source;   /* the first instruction that jumps here; for a handler, the start of what it protects; or -1 */
  bool *in_loop; /* may run more than once; not so the first instruction of a loop */
  bool *passed;  /* for leads_to */
  int *pending;  /* the same */
  struct handler *handlers;
  int handler_count;
};

static bool set_depth(struct map *map, int at, int depth) {
  if (at < 0 || at >= map->count || depth < 0 || map->depth[at] >= 0) return false;
  map->depth[at] = depth;
  return true;
}

static int read_number(const unsigned char **at, const unsigned char *end) {
  int number = 0;
  while (*at < end) {
    unsigned char byte = *(*at)++;
    number = number << 6 | (byte & 63);
    if (!(byte & 64)) break;
  }
  return number;
}

/* The exception handlers: where each begins, what it protects, and how deep the stack is there. */
static void map_handlers(struct map *map, PyCodeObject *code) {
  const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(code->co_exceptiontable);
  const unsigned char *end = at + PyBytes_GET_SIZE(code->co_exceptiontable);
  while (at < end) {
    int start = read_number(&at, end), length = read_number(&at, end);
    int target = read_number(&at, end), depth = read_number(&at, end);
    if (target < 0 || target >= map->count || start >= map->count) continue;
    set_depth(map, target, (depth >> 1) + (depth & 1) + 1);
    map->handlers[map->handler_count++] = (struct handler){start, start + length, target};
    if (map->source[target] < 0 || start < map->source[target]) map->source[target] = start;
  }
}

static bool follow(struct map *map, const struct instruction *here) {
  int depth = map->depth[here->start], target = target_of(here);
  bool changed = false;
  if (target >= 0 && target < map->count) {
    changed |= set_depth(map, target, depth + PyCompile_OpcodeStackEffectWithJump(here->opcode, here->argument, 1));
    if (map->source[target] < 0) map->source[target] = here->start;
  }
  if (falls_through(here->opcode))
    changed |= set_depth(map, here->next, depth + PyCompile_OpcodeStackEffectWithJump(here->opcode, here->argument, 0));
  return changed;
}

static void reach(struct map *map, int at, int *count) {
  if (at < 0 || at >= map->count || map->passed[at]) return;
  map->passed[at] = true;
  map->pending[(*count)++] = at;
}

/* Whether code that has come to `from` can come to `to`. */
static bool leads_to(struct map *map, int from, int to) {
  int count = 0;
  memset(map->passed, false, (size_t)map->count);
  reach(map, from, &count);
  while (count > 0 && !map->passed[to]) {
    struct instruction here = read_instruction(map->units, map->count, map->pending[--count]);
    reach(map, target_of(&here), &count);
    if (falls_through(here.opcode)) reach(map, here.next, &count);
    for (int i = 0; i < map->handler_count; i++)
      if (map->handlers[i].start <= here.start && here.start < map->handlers[i].end)
        reach(map, map->handlers[i].target, &count);
  }
  return map->passed[to];
}

/* A jump back ends a loop, or leads from a handler, which stands at the end of the code, to what follows its `try`. */
static void map_loops(struct map *map) {
  for (int at = 0; at < map->count;) {
    struct instruction here = read_instruction(map->units, map->count, at);
    int target = target_of(&here);
    if (target >= 0 && target < at && map->depth[at] >= 0 && leads_to(map, target, at))
      memset(map->in_loop + target + 1, true, (size_t)(at - target));
    at = here.next;
  }
}

static void fill(struct map *map, PyCodeObject *code) {
  for (int i = 0; i < map->count; i++) map->depth[i] = map->previous[i] = map->source[i] = -1;
  map_handlers(map, code);
  set_depth(map, 0, 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (int at = 0; at < map->count;) {
      struct instruction here = read_instruction(map->units, map->count, at);
      if (here.next < map->count) map->previous[here.next] = at;
      if (map->depth[at] >= 0) changed |= follow(map, &here);
      at = here.next;
    }
  }
  map_loops(map);
}

/* The instruction that the one at `at` came from. */
static int before(const struct map *map, int at) {
  int previous = map->previous[at];
  if (previous >= 0 && falls_through(read_instruction(map->units, map->count, previous).opcode)) return previous;
  return map->source[at];
}

static int search(const struct map *map, int first, int at) {
  /* Each instruction is passed at most once, or this goes in circles. */
  for (int passed = 0; at >= 0 && passed <= map->count; passed++) {
    if (map->depth[at] == 0 && !map->in_loop[at]) return at > first ? at : first;
    at = before(map, at);
  }
  return -1;
}

int pywasm_find_step(PyCodeObject *code, int unit) {
  int count = (int)Py_SIZE(code);
  if (unit < 0 || unit >= count) return -1;
  /* An entry of the table takes four bytes at least. */
  size_t handlers = (size_t)PyBytes_GET_SIZE(code->co_exceptiontable) / 4 + 1;
  size_t size = (size_t)count * (4 * sizeof(int) + 2 * sizeof(bool)) + handlers * sizeof(struct handler);
  int *block = calloc(1, size);
  if (block == NULL) return -1;
  struct map map = {.units = _PyCode_CODE(code),
                    .count = count,
                    .depth = block,
                    .previous = block + count,
                    .source = block + 2 * count,
                    .pending = block + 3 * count,
                    .handlers = (struct handler *)(block + 4 * count)};
  map.in_loop = (bool *)(map.handlers + handlers);
  map.passed = map.in_loop + count;
  fill(&map, code);
  int at = unit;
  while (at > 0 && map.depth[at] < 0 && map.previous[at] < 0) at--; /* the start of this instruction */
  int step = search(&map, code->_co_firsttraceable + 1, at);
  free(block);
  return step;
}

int pywasm_is_import(PyCodeObject *code, int step, int unit) {
  const _Py_CODEUNIT *units = _PyCode_CODE(code);
  int count = (int)Py_SIZE(code);
  if (step < 0 || unit >= count) return 0;
  for (int at = step; at <= unit;) {
    struct instruction here = read_instruction(units, count, at);
    if (here.next > unit) return here.opcode == IMPORT_NAME;
    if (here.opcode != LOAD_CONST && here.opcode != NOP) return 0;
    at = here.next;
  }
  return 0;
}
