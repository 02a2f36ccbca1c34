/* What the files of the component glue share.
 *
 * The glue stands between Python and the module that wit-dylib writes for a world: it implements the functions of
 * wit_dylib.h (the header of the wit-dylib crate), which move values between the canonical ABI and a stack of Python
 * objects. It is a side module of its own, since only components need it.
 *
 * | file | what it does |
 * | --- | --- |
 * | call.c | calls of exports and imports, and what lives as long as a call |
 * | lift.c | canonical ABI to Python |
 * | check.c | whether a Python object is of a WIT type, before anything of it crosses |
 * | lower.c | Python to canonical ABI |
 * | resource.c | handles and the objects that own them |
 * | module.c | `_pywasm_wit`, with which the generated bindings speak |
 * | task.c | async functions: calls of exports as tasks of the host, calls of imports as operations |
 * | stream.c | streams and futures |
 * | plain.c | what stands in the place of the last two |
 *
 * There are two modules: component.wasm with plain.c, and component-async.wasm with task.c and stream.c. The second one
 * imports what only hosts of WASI 0.3 have, so worlds without async get the first. */
#ifndef PYWASM_COMPONENT_H
#define PYWASM_COMPONENT_H

#include <Python.h>

#include "wit_dylib.h"

#define EXPORTED __attribute__((visibility("default")))

/* ---- the world and its bindings ---- */

extern const wit_t *world;

/* Each is a tuple by the index of wit_t's table of that kind. */
struct bindings {
  PyObject *exports;   /* callable, or the name of a method */
  PyObject *records;   /* (class, names of the fields...) */
  PyObject *variants;  /* (class of a case, ...) */
  PyObject *enums;     /* (member, ...) */
  PyObject *flags;     /* class */
  PyObject *resources; /* class; of an exported resource the app's */
  PyObject *some, *ok, *err;
};
extern struct bindings bindings;

extern PyTypeObject *resource_type;

/* ---- the call ---- */

struct iteration {
  PyObject *list;
  Py_ssize_t next;
};

/* A handle that a value gives away. It comes back where the other side did not take it. */
struct given {
  PyObject *object; /* that had the handle; NULL for a new handle of an exported resource */
  bool *is_there;   /* of the object */
  uint32_t type, handle;
  size_t element; /* of the values of a write, or 0 */
};

/* A call of an export or an import: `cx` of wit_dylib.h. */
struct call {
  PyObject **stack;
  size_t count, room;
  /* What has to live until the other side has read its bytes. */
  PyObject **kept;
  size_t kept_count, kept_room;
  void **buffers;
  size_t buffer_count, buffer_room;
  struct iteration *iterations;
  size_t iteration_count, iteration_room;
  /* Borrowed handles of imported resources, which end with the call. */
  PyObject **borrowed;
  size_t borrowed_count, borrowed_room;
  /* Handles that were made to lend objects of exported resources: type and handle by turns. */
  uint32_t *lent;
  size_t lent_count, lent_room;
  struct given *given;
  size_t given_count, given_room;
  size_t element; /* of the values of a write, which is being lowered */
  /* The result type of the function where it is `result<...>`, else SIZE_MAX. Its payload crosses without an Ok or Err
   * around it; `is_err` tells which it is. An argument of the same type is a value as any other: the result of an import
   * is lifted, and that of an export is lowered. */
  size_t result;
  bool is_err, is_import;
};

struct call *call_new(wit_type_t result, bool is_import);
void call_free(struct call *call);
/* Takes over the reference; NULL ends the program with the exception that is set. */
void push(struct call *call, PyObject *object);
PyObject *pop(struct call *call);
/* Takes over the reference. */
void keep_until_end(struct call *call, PyObject *object);
/* Notes a handle that is given away, and takes over the reference to the object. */
void give(struct call *call, struct given given);
/* Takes back what was given away by elements from `first` on. */
void take_back(struct call *call, size_t first);
/* Drops what was borrowed for the call, and takes back what was lent. */
void end_borrows(struct call *call);
/* Gives back the result on top of the stack, or sets the exception of an Err. */
PyObject *take_result(struct call *call);
/* Puts the arguments of an import on the call's stack; false with an exception where one is not of its type. */
struct call *prepare_import(const wit_import_func_t *function, PyObject *const *arguments, Py_ssize_t count);
/* `array` grows to hold one more than `count` items of `size` bytes. */
void *grown(void *array, size_t count, size_t *room, size_t size);

/* Ends the program: a traceback where an exception is set, then the reason, then a trap. */
_Noreturn void die(const char *why);
/* The same; `%s` in the text stands for the exported function's name. */
_Noreturn void die_in(const char *format, size_t which);
void flush_streams(void);

/* ---- types ---- */

static inline wit_type_t without_alias(wit_type_t type) {
  while (type != UINT32_MAX && WIT_TYPE_KIND(type) == WIT_TYPE_ALIAS) type = world->aliases[WIT_TYPE_INDEX(type)].ty;
  return type;
}

static inline bool is_empty(wit_type_t type) { return type == UINT32_MAX || WIT_TYPE_KIND(type) == WIT_TYPE_EMPTY; }

/* Whether an option's payload is an option too: then a value that is there stands in a Some. */
static inline bool is_nested(size_t option) {
  wit_type_t payload = without_alias(world->options[option].ty);
  return !is_empty(payload) && WIT_TYPE_KIND(payload) == WIT_TYPE_OPTION;
}

/* list<u8> and list<s8> are bytes. */
static inline bool is_bytes(size_t list) {
  wit_type_t element = without_alias(world->lists[list].ty);
  return element == WIT_TYPE_U8 || element == WIT_TYPE_S8;
}

/* Whether `object` can cross as a `type`. If not, a TypeError, ValueError or OverflowError is set, which says where in
 * the value the fault is. */
bool check_value(wit_type_t type, PyObject *object, const char *what);
/* Whether a and b are the same type, wherever they are named. */
bool is_same_type(wit_type_t a, wit_type_t b);

/* ---- resources ---- */

struct resource {
  PyObject_HEAD
  uint32_t type, handle;
  bool is_there;    /* neither dropped nor given away */
  bool is_borrowed; /* dropped with the call that lent it, and never by its object */
};

PyObject *resource_new(size_t type, uint32_t handle, bool is_borrowed);
bool resource_drop(struct resource *resource);
/* The handle, if the object has one of that type; else -1 and an exception. */
int64_t resource_handle(size_t type, PyObject *object);
int add_resource_type(PyObject *module);

/* ---- async ---- */

/* Whether the object is the readable end of a stream or future (by `kind`) of that type, and still there. */
bool is_readable_end(unsigned kind, size_t type, PyObject *object);
/* What task.c and stream.c, or plain.c, add to `_pywasm_wit`. */
int add_async(PyObject *module);
int add_ends(PyObject *module);

/* What goes on while the program does something else: the call of an async import, a read or a write. */
struct operation {
  PyObject_HEAD
  const struct operation_kind *kind;
  struct call *call;
  void *area;        /* of an import's values, or the buffer of a read or write */
  uint32_t waitable; /* 0 when it is over */
  uint32_t code;     /* what it ended with */
  const void *what;  /* the import, or the type of the end */
  PyObject *end;     /* of a stream or future */
  size_t count;      /* elements */
  bool is_taken;     /* its result was taken */
};

struct operation_kind {
  /* The state or code of an event: true when the operation is over. */
  bool (*resolve)(struct operation *operation, uint32_t code);
  /* The result, once. */
  PyObject *(*take)(struct operation *operation);
  /* Ends it. */
  void (*cancel)(struct operation *operation);
};

struct operation *operation_new(const struct operation_kind *kind, struct call *call, void *area);
void waitable_leave(uint32_t waitable);

#define BLOCKED UINT32_MAX

#endif
