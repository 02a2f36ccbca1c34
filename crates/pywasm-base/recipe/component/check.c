/* Whether a Python object is of a WIT type.
 *
 * In:  a type of the world, an object.
 * Out: true, or an exception that says where in the value the fault is and what stands there. The functions of wit-dylib
 *      that take a value apart cannot fail, so a value is checked as a whole before the first of them is called. */
#include "component.h"

#include <stdio.h>

/* Where in the value we are, from the inside out. */
struct place {
  const struct place *outer;
  const char *name; /* of a field, a case, an argument */
  Py_ssize_t index; /* of an element, where there is no name */
};

static size_t write_place(const struct place *place, char *text, size_t size) {
  size_t at = place->outer == NULL ? 0 : write_place(place->outer, text, size);
  if (at >= size) return at;
  int length = place->name == NULL       ? snprintf(text + at, size - at, "[%zd]", place->index)
               : place->outer == NULL    ? snprintf(text + at, size - at, "%s", place->name)
                                         : snprintf(text + at, size - at, ".%s", place->name);
  return at + (length > 0 ? (size_t)length : 0);
}

static bool fail(const struct place *place, PyObject *type, PyObject *object, const char *wanted) {
  char text[256];
  write_place(place, text, sizeof text);
  PyErr_Format(type, "%s must be %s, not %s", text, wanted, Py_TYPE(object)->tp_name);
  return false;
}

static bool out_of_range(const struct place *place, PyObject *number, const char *type) {
  char text[256];
  write_place(place, text, sizeof text);
  PyErr_Clear();
  PyErr_Format(PyExc_OverflowError, "%s is %S, which does not fit in %s", text, number, type);
  return false;
}

static bool check_integer(const struct place *place, PyObject *object, long long low, unsigned long long high, const char *type) {
  if (!PyIndex_Check(object)) return fail(place, PyExc_TypeError, object, "an int");
  PyObject *number = PyNumber_Index(object);
  if (number == NULL) return false;
  int overflow;
  long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
  bool fits = overflow == 0 ? value >= low && (value < 0 || (unsigned long long)value <= high) : false;
  if (overflow > 0 && high == UINT64_MAX) {
    PyLong_AsUnsignedLongLong(number);
    fits = PyErr_Occurred() == NULL;
  }
  if (!fits) out_of_range(place, number, type);
  Py_DECREF(number);
  return fits;
}

static bool check(wit_type_t type, PyObject *object, const struct place *place);

static bool check_payload(wit_type_t type, PyObject *object, const struct place *outer, const char *name) {
  if (is_empty(type)) return true;
  PyObject *value = PyObject_GetAttrString(object, "value");
  if (value == NULL) return false;
  bool is_right = check(type, value, &(struct place){outer, name, 0});
  Py_DECREF(value);
  return is_right;
}

static bool check_record(size_t type, PyObject *object, const struct place *place) {
  const wit_record_t *record = &world->records[type];
  PyObject *names = PyTuple_GET_ITEM(bindings.records, (Py_ssize_t)type);
  for (size_t i = 0; i < record->nfields; i++) {
    PyObject *name = PyTuple_GET_ITEM(names, (Py_ssize_t)i + 1), *value = PyObject_GetAttr(object, name);
    if (value == NULL) {
      if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return false;
      PyErr_Clear();
      char wanted[256];
      snprintf(wanted, sizeof wanted, "a %s with the field %s", record->name, PyUnicode_AsUTF8(name));
      return fail(place, PyExc_TypeError, object, wanted);
    }
    bool is_right = check(record->fields[i].ty, value, &(struct place){place, record->fields[i].name, 0});
    Py_DECREF(value);
    if (!is_right) return false;
  }
  return true;
}

static bool check_variant(size_t type, PyObject *object, const struct place *place) {
  PyObject *cases = PyTuple_GET_ITEM(bindings.variants, (Py_ssize_t)type);
  const wit_variant_t *variant = &world->variants[type];
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(cases); i++)
    if (PyObject_TypeCheck(object, (PyTypeObject *)PyTuple_GET_ITEM(cases, i)))
      return check_payload(variant->cases[i].ty, object, place, variant->cases[i].name);
  char wanted[256];
  snprintf(wanted, sizeof wanted, "a case of %s", variant->name);
  return fail(place, PyExc_TypeError, object, wanted);
}

static bool check_enum(size_t type, PyObject *object, const struct place *place) {
  PyObject *members = PyTuple_GET_ITEM(bindings.enums, (Py_ssize_t)type);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(members); i++)
    if (PyTuple_GET_ITEM(members, i) == object) return true;
  char wanted[256];
  snprintf(wanted, sizeof wanted, "a member of %s", world->enums[type].name);
  return fail(place, PyExc_TypeError, object, wanted);
}

static bool check_flags(size_t type, PyObject *object, const struct place *place) {
  const wit_flags_t *flags = &world->flags[type];
  if (!PyObject_TypeCheck(object, (PyTypeObject *)PyTuple_GET_ITEM(bindings.flags, (Py_ssize_t)type))) {
    char wanted[256];
    snprintf(wanted, sizeof wanted, "of the flags %s", flags->name);
    return fail(place, PyExc_TypeError, object, wanted);
  }
  PyObject *value = PyObject_GetAttrString(object, "value");
  if (value == NULL) return false;
  bool is_right = check_integer(place, value, 0, flags->nnames >= 32 ? UINT32_MAX : (1u << flags->nnames) - 1, "its flags");
  Py_DECREF(value);
  return is_right;
}

static bool check_list(size_t type, PyObject *object, const struct place *place) {
  if (is_bytes(type)) return PyObject_CheckBuffer(object) || fail(place, PyExc_TypeError, object, "bytes");
  if (!PyList_Check(object)) return fail(place, PyExc_TypeError, object, "a list");
  wit_type_t element = world->lists[type].ty;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); i++)
    if (!check(element, PyList_GET_ITEM(object, i), &(struct place){place, NULL, i})) return false;
  return true;
}

static bool check_tuple(size_t type, PyObject *object, const struct place *place) {
  const wit_tuple_t *tuple = &world->tuples[type];
  if (!PyTuple_Check(object) || (size_t)PyTuple_GET_SIZE(object) != tuple->ntypes) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "a tuple of %zu", tuple->ntypes);
    return fail(place, PyExc_TypeError, object, wanted);
  }
  for (size_t i = 0; i < tuple->ntypes; i++)
    if (!check(tuple->types[i], PyTuple_GET_ITEM(object, (Py_ssize_t)i), &(struct place){place, NULL, (Py_ssize_t)i})) return false;
  return true;
}

static bool check_option(size_t type, PyObject *object, const struct place *place) {
  if (object == Py_None) return true;
  wit_type_t payload = world->options[type].ty;
  if (!is_nested(type)) return check(payload, object, place);
  if (!PyObject_TypeCheck(object, (PyTypeObject *)bindings.some)) return fail(place, PyExc_TypeError, object, "None or a Some");
  return check_payload(payload, object, place, "value");
}

static bool check_result(size_t type, PyObject *object, const struct place *place) {
  const wit_result_t *both = &world->results[type];
  if (PyObject_TypeCheck(object, (PyTypeObject *)bindings.ok)) return check_payload(both->ok, object, place, "ok");
  if (PyObject_TypeCheck(object, (PyTypeObject *)bindings.err)) return check_payload(both->err, object, place, "err");
  return fail(place, PyExc_TypeError, object, "an Ok or an Err");
}

static bool check_resource(size_t type, PyObject *object, const struct place *place) {
  PyTypeObject *class = (PyTypeObject *)PyTuple_GET_ITEM(bindings.resources, (Py_ssize_t)type);
  if (!PyObject_TypeCheck(object, class)) {
    char wanted[256];
    snprintf(wanted, sizeof wanted, "a %s", class->tp_name);
    return fail(place, PyExc_TypeError, object, wanted);
  }
  return world->resources[type].new != NULL || resource_handle(type, object) >= 0;
}

static bool check_end(unsigned kind, size_t type, PyObject *object, const struct place *place) {
  const char *wanted = kind == WIT_TYPE_STREAM ? "the reader of a stream of that type, neither closed nor given away"
                                               : "the reader of a future of that type, neither read nor given away";
  return is_readable_end(kind, type, object) || fail(place, PyExc_TypeError, object, wanted);
}

static bool check_string(PyObject *object, const struct place *place) {
  if (!PyUnicode_Check(object)) return fail(place, PyExc_TypeError, object, "a str");
  Py_ssize_t length;
  /* A lone surrogate has no UTF-8; that error is the codec's. */
  return PyUnicode_AsUTF8AndSize(object, &length) != NULL;
}

static bool check_char(PyObject *object, const struct place *place) {
  if (!PyUnicode_Check(object) || PyUnicode_GET_LENGTH(object) != 1) return fail(place, PyExc_TypeError, object, "a str of length 1");
  Py_UCS4 value = PyUnicode_READ_CHAR(object, 0);
  return (value < 0xd800 || value > 0xdfff) || fail(place, PyExc_ValueError, object, "a character that is no surrogate");
}

static bool check_real(PyObject *object, const struct place *place) {
  if (PyFloat_Check(object)) return true;
  double value = PyFloat_AsDouble(object);
  if (value != -1.0 || !PyErr_Occurred()) return true;
  if (!PyErr_ExceptionMatches(PyExc_TypeError)) return false;
  PyErr_Clear();
  return fail(place, PyExc_TypeError, object, "a float");
}

static bool check(wit_type_t type, PyObject *object, const struct place *place) {
  type = without_alias(type);
  size_t index = WIT_TYPE_INDEX(type);
  switch (WIT_TYPE_KIND(type)) {
    case WIT_TYPE_BOOL: return PyBool_Check(object) || fail(place, PyExc_TypeError, object, "a bool");
    case WIT_TYPE_U8: return check_integer(place, object, 0, UINT8_MAX, "u8");
    case WIT_TYPE_U16: return check_integer(place, object, 0, UINT16_MAX, "u16");
    case WIT_TYPE_U32: return check_integer(place, object, 0, UINT32_MAX, "u32");
    case WIT_TYPE_U64: return check_integer(place, object, 0, UINT64_MAX, "u64");
    case WIT_TYPE_S8: return check_integer(place, object, INT8_MIN, INT8_MAX, "s8");
    case WIT_TYPE_S16: return check_integer(place, object, INT16_MIN, INT16_MAX, "s16");
    case WIT_TYPE_S32: return check_integer(place, object, INT32_MIN, INT32_MAX, "s32");
    case WIT_TYPE_S64: return check_integer(place, object, INT64_MIN, INT64_MAX, "s64");
    case WIT_TYPE_F32:
    case WIT_TYPE_F64: return check_real(object, place);
    case WIT_TYPE_CHAR: return check_char(object, place);
    case WIT_TYPE_STRING: return check_string(object, place);
    case WIT_TYPE_RECORD: return check_record(index, object, place);
    case WIT_TYPE_OWN:
    case WIT_TYPE_BORROW: return check_resource(index, object, place);
    case WIT_TYPE_FLAGS: return check_flags(index, object, place);
    case WIT_TYPE_TUPLE: return check_tuple(index, object, place);
    case WIT_TYPE_VARIANT: return check_variant(index, object, place);
    case WIT_TYPE_ENUM: return check_enum(index, object, place);
    case WIT_TYPE_OPTION: return check_option(index, object, place);
    case WIT_TYPE_RESULT: return check_result(index, object, place);
    case WIT_TYPE_LIST: return check_list(index, object, place);
    case WIT_TYPE_FUTURE:
    case WIT_TYPE_STREAM: return check_end(WIT_TYPE_KIND(type), index, object, place);
    default: return fail(place, PyExc_TypeError, object, "of a type that this base knows");
  }
}

bool check_value(wit_type_t type, PyObject *object, const char *what) {
  return check(type, object, &(struct place){NULL, what, 0});
}

bool is_same_type(wit_type_t a, wit_type_t b) {
  a = without_alias(a);
  b = without_alias(b);
  if (a == b) return true;
  if (is_empty(a) || is_empty(b)) return is_empty(a) && is_empty(b);
  if (WIT_TYPE_KIND(a) != WIT_TYPE_KIND(b)) return false;
  size_t i = WIT_TYPE_INDEX(a), j = WIT_TYPE_INDEX(b);
  switch (WIT_TYPE_KIND(a)) {
    case WIT_TYPE_OPTION: return is_same_type(world->options[i].ty, world->options[j].ty);
    case WIT_TYPE_LIST: return is_same_type(world->lists[i].ty, world->lists[j].ty);
    case WIT_TYPE_STREAM: return is_same_type(world->streams[i].ty, world->streams[j].ty);
    case WIT_TYPE_FUTURE: return is_same_type(world->futures[i].ty, world->futures[j].ty);
    case WIT_TYPE_RESULT:
      return is_same_type(world->results[i].ok, world->results[j].ok) && is_same_type(world->results[i].err, world->results[j].err);
    case WIT_TYPE_TUPLE:
      if (world->tuples[i].ntypes != world->tuples[j].ntypes) return false;
      for (size_t k = 0; k < world->tuples[i].ntypes; k++)
        if (!is_same_type(world->tuples[i].types[k], world->tuples[j].types[k])) return false;
      return true;
    /* All others have a name, and with it one place. */
    default: return false;
  }
}
