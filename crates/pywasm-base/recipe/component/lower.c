/* Python to canonical ABI.
 *
 * In:  objects on the call's stack that check_value has found to be of their types.
 * Out: numbers, and addresses of bytes that live until the call ends. A value that has changed since it was checked, by
 *      a property that answers differently, ends the program. */
#include "component.h"

#include <stdlib.h>

static _Noreturn void changed(void) { die("a value changed while it was handed over"); }

static long long pop_signed(struct call *call) {
  PyObject *object = pop(call);
  long long value = PyLong_AsLongLong(object);
  if (value == -1 && PyErr_Occurred()) changed();
  Py_DECREF(object);
  return value;
}

EXPORTED uint8_t wit_dylib_pop_u8(void *cx) { return (uint8_t)pop_signed(cx); }
EXPORTED uint16_t wit_dylib_pop_u16(void *cx) { return (uint16_t)pop_signed(cx); }
EXPORTED uint32_t wit_dylib_pop_u32(void *cx) { return (uint32_t)pop_signed(cx); }
EXPORTED int8_t wit_dylib_pop_s8(void *cx) { return (int8_t)pop_signed(cx); }
EXPORTED int16_t wit_dylib_pop_s16(void *cx) { return (int16_t)pop_signed(cx); }
EXPORTED int32_t wit_dylib_pop_s32(void *cx) { return (int32_t)pop_signed(cx); }
EXPORTED int64_t wit_dylib_pop_s64(void *cx) { return pop_signed(cx); }

EXPORTED uint64_t wit_dylib_pop_u64(void *cx) {
  /* PyLong_AsUnsignedLongLong takes no objects with __index__. */
  PyObject *object = pop(cx), *number = PyNumber_Index(object);
  unsigned long long value = number == NULL ? 0 : PyLong_AsUnsignedLongLong(number);
  if (PyErr_Occurred()) changed();
  Py_DECREF(number);
  Py_DECREF(object);
  return value;
}

static double pop_real(struct call *call) {
  PyObject *object = pop(call);
  double value = PyFloat_AsDouble(object);
  if (value == -1.0 && PyErr_Occurred()) changed();
  Py_DECREF(object);
  return value;
}

EXPORTED float wit_dylib_pop_f32(void *cx) { return (float)pop_real(cx); }
EXPORTED double wit_dylib_pop_f64(void *cx) { return pop_real(cx); }

EXPORTED bool wit_dylib_pop_bool(void *cx) {
  PyObject *object = pop(cx);
  bool value = object == Py_True;
  Py_DECREF(object);
  return value;
}

EXPORTED uint32_t wit_dylib_pop_char(void *cx) {
  PyObject *object = pop(cx);
  uint32_t value = PyUnicode_READ_CHAR(object, 0);
  Py_DECREF(object);
  return value;
}

EXPORTED size_t wit_dylib_pop_string(void *cx, char **bytes) {
  PyObject *object = pop(cx);
  Py_ssize_t length;
  const char *text = PyUnicode_AsUTF8AndSize(object, &length);
  if (text == NULL) changed();
  *bytes = (char *)text;
  keep_until_end(cx, object);
  return (size_t)length;
}

/* Puts an attribute of the object in its place. */
static void push_attribute(struct call *call, PyObject *object, PyObject *name) {
  PyObject *value = PyObject_GetAttr(object, name);
  if (value == NULL) changed();
  push(call, value);
}

static PyObject *interned(const char *text) {
  PyObject *name = PyUnicode_InternFromString(text);
  if (name == NULL) die(NULL);
  return name;
}

static PyObject *name_of_value(void) {
  static PyObject *name;
  return name == NULL ? name = interned("value") : name;
}

EXPORTED uint32_t wit_dylib_pop_enum(void *cx, size_t type) {
  PyObject *object = pop(cx), *members = PyTuple_GET_ITEM(bindings.enums, (Py_ssize_t)type);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(members); i++) {
    if (PyTuple_GET_ITEM(members, i) != object) continue;
    Py_DECREF(object);
    return (uint32_t)i;
  }
  changed();
}

EXPORTED uint32_t wit_dylib_pop_flags(void *cx, size_t type) {
  (void)type;
  push_attribute(cx, pop(cx), name_of_value());
  return wit_dylib_pop_u32(cx);
}

EXPORTED void wit_dylib_pop_record(void *cx, size_t type) {
  PyObject *object = pop(cx), *record = PyTuple_GET_ITEM(bindings.records, (Py_ssize_t)type);
  /* The first field is taken first. */
  for (Py_ssize_t i = PyTuple_GET_SIZE(record); i-- > 1;) push_attribute(cx, object, PyTuple_GET_ITEM(record, i));
  Py_DECREF(object);
}

EXPORTED void wit_dylib_pop_tuple(void *cx, size_t type) {
  (void)type;
  PyObject *object = pop(cx);
  for (Py_ssize_t i = PyTuple_GET_SIZE(object); i-- > 0;) push(cx, Py_NewRef(PyTuple_GET_ITEM(object, i)));
  Py_DECREF(object);
}

/* The object's `value` where there is a payload. */
static void push_payload(struct call *call, PyObject *object, wit_type_t payload) {
  if (!is_empty(payload)) push_attribute(call, object, name_of_value());
  Py_DECREF(object);
}

EXPORTED uint32_t wit_dylib_pop_option(void *cx, size_t type) {
  PyObject *object = pop(cx);
  if (object == Py_None) {
    Py_DECREF(object);
    return 0;
  }
  if (is_nested(type)) push_payload(cx, object, world->options[type].ty);
  else push(cx, object);
  return 1;
}

EXPORTED uint32_t wit_dylib_pop_result(void *cx, size_t type) {
  struct call *call = cx;
  const wit_result_t *both = &world->results[type];
  PyObject *object = pop(call);
  if (!call->is_import && call->result == type) {
    if (is_empty(call->is_err ? both->err : both->ok)) Py_DECREF(object);
    else push(call, object);
    return call->is_err;
  }
  bool is_err = PyObject_TypeCheck(object, (PyTypeObject *)bindings.err);
  push_payload(call, object, is_err ? both->err : both->ok);
  return is_err;
}

EXPORTED uint32_t wit_dylib_pop_variant(void *cx, size_t type) {
  PyObject *object = pop(cx), *cases = PyTuple_GET_ITEM(bindings.variants, (Py_ssize_t)type);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(cases); i++) {
    if (!PyObject_TypeCheck(object, (PyTypeObject *)PyTuple_GET_ITEM(cases, i))) continue;
    push_payload(cx, object, world->variants[type].cases[i].ty);
    return (uint32_t)i;
  }
  changed();
}

EXPORTED size_t wit_dylib_pop_list(void *cx, size_t type, void **bytes) {
  struct call *call = cx;
  PyObject *object = pop(call);
  if (is_bytes(type)) {
    if (!PyBytes_CheckExact(object)) Py_SETREF(object, PyBytes_FromObject(object));
    if (object == NULL) changed();
    *bytes = PyBytes_AS_STRING(object);
    keep_until_end(call, object);
    return (size_t)PyBytes_GET_SIZE(object);
  }
  *bytes = NULL;
  call->iterations = grown(call->iterations, call->iteration_count, &call->iteration_room, sizeof *call->iterations);
  call->iterations[call->iteration_count++] = (struct iteration){.list = object};
  return (size_t)PyList_GET_SIZE(object);
}

EXPORTED void wit_dylib_pop_iter_next(void *cx, size_t type) {
  (void)type;
  struct call *call = cx;
  struct iteration *iteration = &call->iterations[call->iteration_count - 1];
  if (iteration->next >= PyList_GET_SIZE(iteration->list)) changed();
  push(call, Py_NewRef(PyList_GET_ITEM(iteration->list, iteration->next++)));
}

EXPORTED void wit_dylib_pop_iter(void *cx, size_t type) {
  (void)type;
  struct call *call = cx;
  Py_DECREF(call->iterations[--call->iteration_count].list);
}

EXPORTED uint32_t wit_dylib_pop_borrow(void *cx, size_t type) {
  struct call *call = cx;
  PyObject *object = pop(call);
  const wit_resource_t *resource = &world->resources[type];
  if (resource->new != NULL) {
    /* A handle for the time of the call; its end lets the reference go. */
    uint32_t handle = resource->new((size_t)object);
    call->lent = grown(call->lent, call->lent_count + 1, &call->lent_room, sizeof *call->lent);
    call->lent[call->lent_count++] = (uint32_t)type;
    call->lent[call->lent_count++] = handle;
    return handle;
  }
  int64_t handle = resource_handle(type, object);
  if (handle < 0) changed();
  keep_until_end(call, object);
  return (uint32_t)handle;
}

EXPORTED uint32_t wit_dylib_pop_own(void *cx, size_t type) {
  PyObject *object = pop(cx);
  const wit_resource_t *resource = &world->resources[type];
  if (resource->new != NULL) {
    /* The handle owns the reference. */
    uint32_t made = resource->new((size_t)object);
    give(cx, (struct given){.type = (uint32_t)type, .handle = made});
    return made;
  }
  int64_t handle = resource_handle(type, object);
  if (handle < 0) changed();
  bool *is_there = &((struct resource *)object)->is_there;
  *is_there = false;
  give(cx, (struct given){.object = object, .is_there = is_there});
  return (uint32_t)handle;
}
