/* Canonical ABI to Python.
 *
 * In:  values that the other side gives: numbers, bytes of ours that cabi_realloc made, and what lies on the call's stack.
 * Out: one Python object on top of the call's stack. */
#include "component.h"

#include <stdlib.h>

EXPORTED void wit_dylib_push_bool(void *cx, bool value) { push(cx, PyBool_FromLong(value)); }
EXPORTED void wit_dylib_push_char(void *cx, uint32_t value) { push(cx, PyUnicode_FromOrdinal((int)value)); }
EXPORTED void wit_dylib_push_u8(void *cx, uint8_t value) { push(cx, PyLong_FromLong(value)); }
EXPORTED void wit_dylib_push_s8(void *cx, int8_t value) { push(cx, PyLong_FromLong(value)); }
EXPORTED void wit_dylib_push_u16(void *cx, uint16_t value) { push(cx, PyLong_FromLong(value)); }
EXPORTED void wit_dylib_push_s16(void *cx, int16_t value) { push(cx, PyLong_FromLong(value)); }
EXPORTED void wit_dylib_push_u32(void *cx, uint32_t value) { push(cx, PyLong_FromUnsignedLong(value)); }
EXPORTED void wit_dylib_push_s32(void *cx, int32_t value) { push(cx, PyLong_FromLong(value)); }
EXPORTED void wit_dylib_push_u64(void *cx, uint64_t value) { push(cx, PyLong_FromUnsignedLongLong(value)); }
EXPORTED void wit_dylib_push_s64(void *cx, int64_t value) { push(cx, PyLong_FromLongLong(value)); }
EXPORTED void wit_dylib_push_f32(void *cx, float value) { push(cx, PyFloat_FromDouble(value)); }
EXPORTED void wit_dylib_push_f64(void *cx, double value) { push(cx, PyFloat_FromDouble(value)); }

EXPORTED void wit_dylib_push_string(void *cx, uint8_t *bytes, size_t length) {
  push(cx, PyUnicode_DecodeUTF8((const char *)bytes, (Py_ssize_t)length, NULL));
  if (length > 0) free(bytes);
}

/* Puts in place of the last `count` values what `function` makes of them. */
static void construct(struct call *call, PyObject *function, size_t count) {
  PyObject *made = PyObject_Vectorcall(function, call->stack + call->count - count, count, NULL);
  for (size_t i = 0; i < count; i++) Py_DECREF(pop(call));
  push(call, made);
}

EXPORTED void wit_dylib_push_record(void *cx, size_t type) {
  PyObject *record = PyTuple_GET_ITEM(bindings.records, (Py_ssize_t)type);
  construct(cx, PyTuple_GET_ITEM(record, 0), world->records[type].nfields);
}

EXPORTED void wit_dylib_push_tuple(void *cx, size_t type) {
  Py_ssize_t count = (Py_ssize_t)world->tuples[type].ntypes;
  PyObject *tuple = PyTuple_New(count);
  if (tuple == NULL) die(NULL);
  for (Py_ssize_t i = count; i-- > 0;) PyTuple_SET_ITEM(tuple, i, pop(cx));
  push(cx, tuple);
}

EXPORTED void wit_dylib_push_flags(void *cx, size_t type, uint32_t bits) {
  push(cx, PyLong_FromUnsignedLong(bits));
  construct(cx, PyTuple_GET_ITEM(bindings.flags, (Py_ssize_t)type), 1);
}

EXPORTED void wit_dylib_push_enum(void *cx, size_t type, uint32_t value) {
  PyObject *members = PyTuple_GET_ITEM(bindings.enums, (Py_ssize_t)type);
  push(cx, Py_NewRef(PyTuple_GET_ITEM(members, (Py_ssize_t)value)));
}

EXPORTED void wit_dylib_push_variant(void *cx, size_t type, uint32_t discriminant) {
  PyObject *cases = PyTuple_GET_ITEM(bindings.variants, (Py_ssize_t)type);
  wit_type_t payload = world->variants[type].cases[discriminant].ty;
  construct(cx, PyTuple_GET_ITEM(cases, (Py_ssize_t)discriminant), is_empty(payload) ? 0 : 1);
}

EXPORTED void wit_dylib_push_option(void *cx, size_t type, uint32_t discriminant) {
  if (discriminant == 0) push(cx, Py_NewRef(Py_None));
  else if (is_nested(type)) construct(cx, bindings.some, 1);
}

EXPORTED void wit_dylib_push_result(void *cx, size_t type, uint32_t discriminant) {
  struct call *call = cx;
  const wit_result_t *both = &world->results[type];
  if (is_empty(discriminant != 0 ? both->err : both->ok)) push(cx, Py_NewRef(Py_None));
  if (call->is_import && call->result == type) call->is_err = discriminant != 0;
  else construct(cx, discriminant != 0 ? bindings.err : bindings.ok, 1);
}

EXPORTED bool wit_dylib_push_list(void *cx, size_t type, uint8_t *bytes, size_t length) {
  if (!is_bytes(type)) {
    push(cx, PyList_New(0));
    return false;
  }
  push(cx, PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)length));
  if (length > 0) free(bytes);
  return true;
}

EXPORTED void wit_dylib_list_append(void *cx, size_t type) {
  (void)type;
  struct call *call = cx;
  PyObject *element = pop(call);
  if (PyList_Append(call->stack[call->count - 1], element) < 0) die(NULL);
  Py_DECREF(element);
}

EXPORTED void wit_dylib_push_borrow(void *cx, size_t type, uint32_t handle) {
  struct call *call = cx;
  if (world->resources[type].rep != NULL) {
    /* A borrow of a resource of ours is its object. */
    push(call, Py_NewRef((PyObject *)(uintptr_t)handle));
    return;
  }
  PyObject *object = resource_new(type, handle, true);
  if (object == NULL) die(NULL);
  call->borrowed = grown(call->borrowed, call->borrowed_count, &call->borrowed_room, sizeof *call->borrowed);
  call->borrowed[call->borrowed_count++] = Py_NewRef(object);
  push(call, object);
}

EXPORTED void wit_dylib_push_own(void *cx, size_t type, uint32_t handle) {
  const wit_resource_t *resource = &world->resources[type];
  if (resource->rep == NULL) {
    push(cx, resource_new(type, handle, false));
    return;
  }
  PyObject *object = Py_NewRef((PyObject *)resource->rep(handle));
  /* The handle's own reference goes with it. */
  resource->drop(handle);
  push(cx, object);
}
