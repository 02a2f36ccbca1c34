/* The constructors of named tuples, without the compiler.
 *
 * In:  eval() of the text that collections.namedtuple writes, `lambda _cls, x, y: _tuple_new(_cls, (x, y))`. wasm-ld
 *      sends eval() of any text here (wraps.txt).
 * Out: the function that the compiler would make of it, with the same code. Every other text goes to the compiler.
 *
 * Nearly every program makes a named tuple, and most of them compile nothing else: so they need no compiler. The build
 * cuts the table `pywasm_part_tuples` for one that does not import collections. */
#include <Python.h>
#include "opcode.h"

/* The compiler builds larger tuples by way of a list. */
#define LARGEST_TUPLE 30
/* The compiler follows this many local variables to see which are set. */
#define FOLLOWED 64
/* Two variables below this number are loaded by one instruction. */
#define PAIRED 16

/* Whether the compiler would take the text as it stands: it normalizes identifiers, which leaves Latin letters as they
 * are. Without unicodedata, all count as normal: few letters are not. -1 with an exception. */
static int is_normal(PyObject *text) {
  int is_latin = PyUnicode_MAX_CHAR_VALUE(text) <= 0xff;
  for (Py_ssize_t place = 0; is_latin && place < PyUnicode_GET_LENGTH(text); place++) {
    Py_UCS4 letter = PyUnicode_READ_CHAR(text, place);
    is_latin = letter <= 0x7f || letter >= 0xc0;
  }
  if (is_latin) return 1;
  PyObject *unicodedata = PyImport_ImportModule("unicodedata");
  if (unicodedata == NULL) {
    if (!PyErr_ExceptionMatches(PyExc_ImportError)) return -1;
    PyErr_Clear();
    return 1;
  }
  PyObject *answer = PyObject_CallMethod(unicodedata, "is_normalized", "sO", "NFKC", text);
  Py_DECREF(unicodedata);
  if (answer == NULL) return -1;
  int result = PyObject_IsTrue(answer);
  Py_DECREF(answer);
  return result;
}

/* A tuple of `_cls` and the names in `text`, which are separated by a comma and a blank. NULL without an exception for
 * what the compiler has to look at. */
static PyObject *split_names(const char *text, Py_ssize_t length) {
  PyObject *parts = NULL, *names = NULL, *seen = NULL;
  PyObject *all = PyUnicode_DecodeUTF8(length ? text - 6 : "_cls", length ? length + 6 : 4, "strict");
  PyObject *comma = PyUnicode_FromString(", ");
  if (all == NULL || comma == NULL) goto end;
  if (is_normal(all) != 1) goto end;
  parts = PyUnicode_Split(all, comma, -1);
  if (parts == NULL || (seen = PySet_New(parts)) == NULL || PySet_GET_SIZE(seen) != PyList_GET_SIZE(parts)) goto end;
  for (Py_ssize_t at = 0; at < PyList_GET_SIZE(parts); at++) {
    if (!PyUnicode_IsIdentifier(PyList_GET_ITEM(parts, at))) goto end;
  }
  names = PyList_AsTuple(parts);
end:
  Py_XDECREF(all);
  Py_XDECREF(comma);
  Py_XDECREF(parts);
  Py_XDECREF(seen);
  return names;
}

static unsigned char *emit(unsigned char *out, int instruction, Py_ssize_t argument) {
  if (argument > 0xff) out = emit(out, EXTENDED_ARG, argument >> 8);
  *out++ = (unsigned char)instruction;
  *out++ = argument & 0xff;
  return out;
}

static unsigned char *emit_cache(unsigned char *out, int units) {
  memset(out, 0, 2 * units);
  return out + 2 * units;
}

static unsigned char *emit_load(unsigned char *out, Py_ssize_t variable) {
  return emit(out, variable < FOLLOWED ? LOAD_FAST : LOAD_FAST_CHECK, variable);
}

/* Loads `_cls` and a tuple of all fields. */
static unsigned char *emit_arguments(unsigned char *out, Py_ssize_t fields) {
  if (fields == 0) return emit(emit_load(out, 0), LOAD_CONST, 1);
  if (fields > LARGEST_TUPLE) {
    out = emit(emit_load(out, 0), BUILD_LIST, 0);
    for (Py_ssize_t field = 1; field <= fields; field++) out = emit(emit_load(out, field), LIST_APPEND, 1);
    return emit(out, CALL_INTRINSIC_1, 6 /* INTRINSIC_LIST_TO_TUPLE */);
  }
  for (Py_ssize_t variable = 0; variable <= fields; variable++) {
    if (variable < fields && variable + 1 < PAIRED) {
      out = emit(out, LOAD_FAST_LOAD_FAST, variable << 4 | (variable + 1));
      variable++;
    } else {
      out = emit_load(out, variable);
    }
  }
  return emit(out, BUILD_TUPLE, fields);
}

static PyObject *assemble(PyObject *names) {
  Py_ssize_t variables = PyTuple_GET_SIZE(names), fields = variables - 1;
  /* At most 8 bytes a field, for its number above 255 and for the list; the rest is 28 bytes and the tuple. */
  PyObject *code = PyBytes_FromStringAndSize(NULL, 8 * variables + 40);
  PyObject *lines = NULL, *constants = NULL, *globals = NULL, *none = NULL, *file = NULL, *name = NULL, *result = NULL;
  if (code == NULL) return NULL;
  unsigned char *start = (unsigned char *)PyBytes_AS_STRING(code), *out = start;
  out = emit(out, RESUME, 0);
  out = emit_cache(emit(out, LOAD_GLOBAL, 1), 4);
  out = emit_arguments(out, fields);
  out = emit_cache(emit(out, CALL, 2), 3);
  out = emit(out, RETURN_VALUE, 0);
  Py_ssize_t units = (out - start) / 2;
  if (_PyBytes_Resize(&code, out - start) < 0) return NULL;
  /* All of it stands on the first line: an entry of the kind without columns for each 8 units. */
  lines = PyBytes_FromStringAndSize(NULL, 2 * ((units + 7) / 8));
  if (lines == NULL) goto end;
  for (Py_ssize_t at = 0; at * 8 < units; at++) {
    Py_ssize_t length = Py_MIN(units - at * 8, 8);
    PyBytes_AS_STRING(lines)[2 * at] = (char)(0x80 | PY_CODE_LOCATION_INFO_NO_COLUMNS << 3 | (length - 1));
    PyBytes_AS_STRING(lines)[2 * at + 1] = 0;
  }
  constants = fields ? Py_BuildValue("(O)", Py_None) : Py_BuildValue("(O())", Py_None);
  globals = Py_BuildValue("(s)", "_tuple_new");
  none = PyTuple_New(0);
  file = PyUnicode_InternFromString("<string>");
  name = PyUnicode_InternFromString("<lambda>");
  PyObject *empty = PyBytes_FromStringAndSize(NULL, 0);
  if (constants && globals && none && file && name && empty) {
    int depth = (int)(fields > LARGEST_TUPLE ? 5 : fields ? fields + 3 : 4);
    result = (PyObject *)PyUnstable_Code_New((int)variables, 0, (int)variables, depth, CO_OPTIMIZED | CO_NEWLOCALS, code,
                                             constants, globals, names, none, none, file, name, name, 1, lines, empty);
  }
  Py_XDECREF(empty);
end:
  Py_DECREF(code);
  Py_XDECREF(lines);
  Py_XDECREF(constants);
  Py_XDECREF(globals);
  Py_XDECREF(none);
  Py_XDECREF(file);
  Py_XDECREF(name);
  return result;
}

/* Whether these are the globals that namedtuple gives to a constructor: it has checked the names. */
static int are_of_namedtuple(PyObject *globals) {
  static const char prefix[] = "namedtuple_";
  PyObject *name = PyDict_GetItemString(globals, "__name__");
  if (PyDict_GET_SIZE(globals) != 3 || name == NULL || !PyUnicode_CheckExact(name)) return 0;
  const char *text = PyUnicode_AsUTF8(name);
  if (text == NULL) PyErr_Clear();
  return text != NULL && strncmp(text, prefix, sizeof prefix - 1) == 0;
}

/* The function, or NULL; without an exception for any other text. */
static PyObject *make_constructor(const char *text, PyObject *globals) {
  static const char before[] = "lambda _cls, ", between[] = ": _tuple_new(_cls, (", after[] = "))";
  size_t length = strlen(text);
  if (strncmp(text, before, sizeof before - 1) != 0 || !are_of_namedtuple(globals)) return NULL;
  const char *names = text + sizeof before - 1, *colon = strchr(names, ':');
  if (colon == NULL) return NULL;
  size_t part = colon - names;
  if (length != sizeof before - 1 + part + sizeof between - 1 + part + sizeof after - 1) return NULL;
  const char *again = colon + sizeof between - 1;
  if (memcmp(colon, between, sizeof between - 1) != 0 || memcmp(again, names, part) != 0 || strcmp(again + part, after) != 0)
    return NULL;
  /* A single name stands before a comma. */
  int is_single = part > 0 && names[part - 1] == ',';
  if (!is_single && part > 0 && memchr(names, ',', part) == NULL) return NULL;
  if (is_single && memchr(names, ',', part - 1) != NULL) return NULL;
  PyObject *list = split_names(names, part - is_single);
  if (list == NULL) return NULL;
  PyObject *code = assemble(list), *function = NULL;
  Py_DECREF(list);
  /* What the compiler would tell. */
  int is_told = code != NULL && PySys_Audit("compile", "ys", text, "<string>") == 0 && PySys_Audit("exec", "O", code) == 0;
  if (is_told) function = PyFunction_New(code, globals);
  Py_XDECREF(code);
  return function;
}

struct {
  PyObject *(*make_constructor)(const char *, PyObject *);
} pywasm_part_tuples = {make_constructor};

extern PyObject *__real_PyRun_StringFlags(const char *, int, PyObject *, PyObject *, PyCompilerFlags *);

PyObject *__wrap_PyRun_StringFlags(const char *text, int mode, PyObject *globals, PyObject *locals, PyCompilerFlags *flags) {
  int is_plain = mode == Py_eval_input && (flags == NULL || (flags->cf_flags & PyCF_MASK) == 0);
  if (is_plain && pywasm_part_tuples.make_constructor != NULL) {
    PyObject *function = pywasm_part_tuples.make_constructor(text, globals);
    if (function != NULL || PyErr_Occurred()) return function;
  }
  return __real_PyRun_StringFlags(text, mode, globals, locals, flags);
}
