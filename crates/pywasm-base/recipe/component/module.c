/* `_pywasm_wit`: what the generated bindings use of the glue.
 *
 * | in Python | what it does |
 * | --- | --- |
 * | `Import(index)` | an imported function, by its index in the world's table |
 * | `Resource` | the base of the classes of imported resources |
 * | `bind(exports, records, variants, enums, flags, resources, some, ok, err)` | tells the glue the classes by index |
 * | `serve()` | keeps the interpreter after the start, so that exports can be called |
 *
 * task.c and stream.c have more. */
#include "component.h"

PyObject *call_import(PyObject *index, PyObject *const *arguments, Py_ssize_t count);

static PyMethodDef import_definition = {"import", (PyCFunction)(void (*)(void))call_import, METH_FASTCALL, NULL};

static PyObject *make_import(PyObject *self, PyObject *index) {
  (void)self;
  Py_ssize_t which = PyLong_AsSsize_t(index);
  if (which == -1 && PyErr_Occurred()) return NULL;
  if (world == NULL || which < 0 || (size_t)which >= world->num_import_funcs)
    return PyErr_Format(PyExc_IndexError, "the world has no imported function %zd", which);
  return PyCFunction_New(&import_definition, index);
}

static bool take(PyObject **place, PyObject *tuple, size_t count, const char *what) {
  if (!PyTuple_Check(tuple) || (size_t)PyTuple_GET_SIZE(tuple) != count) {
    PyErr_Format(PyExc_ValueError, "the world has %zu %s", count, what);
    return false;
  }
  Py_XSETREF(*place, Py_NewRef(tuple));
  return true;
}

static PyObject *bind(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self;
  if (count != 9 || world == NULL) return PyErr_Format(PyExc_TypeError, "bind takes 9 arguments, in a component");
  if (!take(&bindings.exports, given[0], world->num_export_funcs, "exports") ||
      !take(&bindings.records, given[1], world->num_records, "records") ||
      !take(&bindings.variants, given[2], world->num_variants, "variants") ||
      !take(&bindings.enums, given[3], world->num_enums, "enums") ||
      !take(&bindings.flags, given[4], world->num_flags, "flags") ||
      !take(&bindings.resources, given[5], world->num_resources, "resources"))
    return NULL;
  Py_XSETREF(bindings.some, Py_NewRef(given[6]));
  Py_XSETREF(bindings.ok, Py_NewRef(given[7]));
  Py_XSETREF(bindings.err, Py_NewRef(given[8]));
  Py_RETURN_NONE;
}

extern int (*pywasm_finish)(void);

static int stay(void) { return 0; }

static PyObject *serve(PyObject *self, PyObject *ignored) {
  (void)self, (void)ignored;
  pywasm_finish = stay;
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
  {"Import", make_import, METH_O, NULL},
  {"bind", (PyCFunction)(void (*)(void))bind, METH_FASTCALL, NULL},
  {"serve", serve, METH_NOARGS, NULL},
  {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
  return add_resource_type(module) < 0 || add_async(module) < 0 || add_ends(module) < 0 ? -1 : 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
  PyModuleDef_HEAD_INIT, .m_name = "_pywasm_wit", .m_methods = methods, .m_slots = slots,
};

EXPORTED PyObject *PyInit__pywasm_wit(void);
PyObject *PyInit__pywasm_wit(void) { return PyModuleDef_Init(&definition); }
