/* Calls of exports and imports.
 *
 * In:  the index of a function in the world's tables.
 * Out: the function has run. `Err` is the error of a function whose result has one; any other exception of an export
 *      ends the program with its traceback, since its type has no place for it. */
#include "component.h"

#include <stdio.h>
#include <stdlib.h>

const wit_t *world;
struct bindings bindings;

/* ---- the end ---- */

static void flush_stream(const char *name) {
  PyObject *stream = PySys_GetObject(name);
  if (stream == NULL || stream == Py_None) return;
  static PyObject *flush;
  if (flush == NULL && (flush = PyUnicode_InternFromString("flush")) == NULL) return;
  PyObject *result = PyObject_CallMethodNoArgs(stream, flush);
  if (result == NULL) PyErr_Clear();
  Py_XDECREF(result);
}

void flush_streams(void) {
  flush_stream("stdout");
  flush_stream("stderr");
}

_Noreturn void die(const char *why) {
  if (PyErr_Occurred()) PyErr_Print();
  flush_streams();
  if (why != NULL) fprintf(stderr, "pywasm: %s\n", why);
  fflush(stderr);
  __builtin_trap();
}

/* ---- memory ---- */

void *grown(void *array, size_t count, size_t *room, size_t size) {
  if (count < *room) return array;
  size_t wanted = *room == 0 ? 8 : *room * 2;
  void *larger = wanted > SIZE_MAX / size ? NULL : realloc(array, wanted * size);
  if (larger == NULL) die("out of memory");
  *room = wanted;
  return larger;
}

EXPORTED void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
  if (size == 0) return (void *)alignment;
  /* malloc aligns to 16, and nothing in the canonical ABI asks for more than 8. */
  void *result = realloc(old_size == 0 ? NULL : old, size);
  if (result == NULL) __builtin_trap();
  return result;
}

EXPORTED void wit_dylib_dealloc_bytes(void *cx, void *bytes, size_t size, size_t alignment, bool defer) {
  (void)alignment;
  struct call *call = cx;
  if (size == 0) return;
  if (!defer) {
    free(bytes);
    return;
  }
  call->buffers = grown(call->buffers, call->buffer_count, &call->buffer_room, sizeof *call->buffers);
  call->buffers[call->buffer_count++] = bytes;
}

/* ---- the stack ---- */

struct call *call_new(wit_type_t result, bool is_import) {
  struct call *call = calloc(1, sizeof *call);
  if (call == NULL) die("out of memory");
  result = without_alias(result);
  bool is_result = !is_empty(result) && WIT_TYPE_KIND(result) == WIT_TYPE_RESULT;
  call->result = is_result ? WIT_TYPE_INDEX(result) : SIZE_MAX;
  call->is_import = is_import;
  return call;
}

void push(struct call *call, PyObject *object) {
  if (object == NULL) die(NULL);
  call->stack = grown(call->stack, call->count, &call->room, sizeof *call->stack);
  call->stack[call->count++] = object;
}

PyObject *pop(struct call *call) {
  if (call->count == 0) die("the glue of the component took a value that is not there");
  return call->stack[--call->count];
}

void keep_until_end(struct call *call, PyObject *object) {
  call->kept = grown(call->kept, call->kept_count, &call->kept_room, sizeof *call->kept);
  call->kept[call->kept_count++] = object;
}

void give(struct call *call, struct given given) {
  given.element = call->element;
  call->given = grown(call->given, call->given_count, &call->given_room, sizeof *call->given);
  call->given[call->given_count++] = given;
}

void take_back(struct call *call, size_t first) {
  while (call->given_count > 0 && call->given[call->given_count - 1].element >= first) {
    struct given *given = &call->given[--call->given_count];
    if (given->object == NULL) {
      world->resources[given->type].drop(given->handle);
      continue;
    }
    *given->is_there = true;
    Py_DECREF(given->object);
  }
}

/* Borrowed handles go back before the function returns, and objects that were lent are ours again after it. */
void end_borrows(struct call *call) {
  while (call->borrowed_count > 0) {
    PyObject *object = call->borrowed[--call->borrowed_count];
    struct resource *resource = (struct resource *)object;
    if (resource->is_there) {
      resource->is_there = false;
      world->resources[resource->type].drop(resource->handle);
    }
    Py_DECREF(object);
  }
  while (call->lent_count > 0) {
    call->lent_count -= 2;
    world->resources[call->lent[call->lent_count]].drop(call->lent[call->lent_count + 1]);
  }
}

void call_free(struct call *call) {
  end_borrows(call);
  while (call->count > 0) Py_DECREF(pop(call));
  while (call->given_count > 0) Py_XDECREF(call->given[--call->given_count].object);
  while (call->kept_count > 0) Py_DECREF(call->kept[--call->kept_count]);
  while (call->buffer_count > 0) free(call->buffers[--call->buffer_count]);
  free(call->stack);
  free(call->kept);
  free(call->buffers);
  free(call->iterations);
  free(call->borrowed);
  free(call->lent);
  free(call->given);
  free(call);
}

/* ---- exports ---- */

EXPORTED void wit_dylib_initialize(const wit_t *given) {
  if (given->version != WIT_CURRENT_VERSION) __builtin_trap();
  world = given;
}

EXPORTED void *wit_dylib_export_start(size_t which) { return call_new(world->export_funcs[which].result, false); }

/* `interface#function`, for messages. */
static void name_export(size_t which, char *name, size_t size) {
  const wit_export_func_t *function = &world->export_funcs[which];
  if (function->interface == NULL) snprintf(name, size, "%s", function->name);
  else snprintf(name, size, "%s#%s", function->interface, function->name);
}

_Noreturn void die_in(const char *format, size_t which) {
  char name[512], text[640];
  name_export(which, name, sizeof name);
  snprintf(text, sizeof text, format, name);
  die(text);
}

/* The payload of an Err, where the function's result has an error. */
static PyObject *take_error(const struct call *call) {
  if (call->result == SIZE_MAX || !PyErr_ExceptionMatches(bindings.err)) return NULL;
  PyObject *error = PyErr_GetRaisedException(), *value = PyObject_GetAttrString(error, "value");
  Py_DECREF(error);
  return value;
}

EXPORTED void wit_dylib_export_call(void *cx, size_t which) {
  struct call *call = cx;
  if (bindings.exports == NULL || which >= (size_t)PyTuple_GET_SIZE(bindings.exports))
    die_in("%s was called before the program was ready", which);
  PyObject *function = PyTuple_GET_ITEM(bindings.exports, (Py_ssize_t)which);
  /* A method stands there by its name, since a class may be derived from. */
  PyObject *result = PyUnicode_CheckExact(function) ? PyObject_VectorcallMethod(function, call->stack, call->count, NULL)
                                                    : PyObject_Vectorcall(function, call->stack, call->count, NULL);
  while (call->count > 0) Py_DECREF(pop(call));
  wit_type_t type = without_alias(world->export_funcs[which].result);
  if (result == NULL) {
    result = take_error(call);
    if (result == NULL) die_in("%s raised an exception that its type in the world has no place for", which);
    call->is_err = true;
  }
  if (call->result != SIZE_MAX) {
    const wit_result_t *both = &world->results[call->result];
    type = without_alias(call->is_err ? both->err : both->ok);
  }
  if (is_empty(type) && !call->is_err && result != Py_None) {
    /* As in Python, what a function without a result returns does not matter. */
    Py_SETREF(result, Py_NewRef(Py_None));
  }
  if (!is_empty(type) && !check_value(type, result, call->is_err ? "the value of Err" : "the result"))
    die_in("%s did not return what its type in the world says", which);
  if (is_empty(world->export_funcs[which].result)) Py_DECREF(result);
  else push(call, result);
  flush_streams();
  end_borrows(call);
}

EXPORTED void wit_dylib_export_finish(void *cx, size_t which) {
  (void)which;
  call_free(cx);
}

/* ---- imports ---- */

struct call *prepare_import(const wit_import_func_t *function, PyObject *const *arguments, Py_ssize_t count) {
  if ((size_t)count != function->nparams) {
    PyErr_Format(PyExc_TypeError, "%s takes %zu arguments, and there are %zd", function->name, function->nparams, count);
    return NULL;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    char what[32];
    snprintf(what, sizeof what, "argument %zd", i + 1);
    if (!check_value(function->params[i], arguments[i], what)) return NULL;
  }
  struct call *call = call_new(function->result, true);
  /* The first argument is taken first. */
  for (Py_ssize_t i = count; i-- > 0;) push(call, Py_NewRef(arguments[i]));
  return call;
}

PyObject *take_result(struct call *call) {
  PyObject *result = call->count > 0 ? pop(call) : Py_NewRef(Py_None);
  if (!call->is_err) return result;
  PyObject *error = PyObject_CallOneArg(bindings.err, result);
  Py_DECREF(result);
  if (error != NULL) PyErr_SetObject(bindings.err, error);
  Py_XDECREF(error);
  return NULL;
}

/* Calls an imported function: in Python, `Import(index)(*arguments)`. */
PyObject *call_import(PyObject *index, PyObject *const *arguments, Py_ssize_t count);
PyObject *call_import(PyObject *index, PyObject *const *arguments, Py_ssize_t count) {
  const wit_import_func_t *function = &world->import_funcs[PyLong_AsSsize_t(index)];
  struct call *call = prepare_import(function, arguments, count);
  if (call == NULL) return NULL;
  function->impl(call);
  PyObject *result = take_result(call);
  call_free(call);
  return result;
}
