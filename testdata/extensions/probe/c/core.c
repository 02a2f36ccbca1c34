/* A module of the older kind: one phase, static types, state in static variables, a constructor. */
#include "probe.h"

#include <structmember.h>

static int constructed;
__attribute__((constructor)) static void construct(void) { constructed = 40; }

static int calls;
static int *const counter = &calls;

/* ---- a static type ---- */

typedef struct {
  PyObject_HEAD
  double x, y;
} Point;

static int point_init(PyObject *self, PyObject *args, PyObject *kwargs) {
  static char *names[] = {"x", "y", NULL};
  Point *point = (Point *)self;
  return PyArg_ParseTupleAndKeywords(args, kwargs, "d|d", names, &point->x, &point->y) ? 0 : -1;
}

static PyObject *point_repr(PyObject *self) {
  PyObject *x = PyFloat_FromDouble(((Point *)self)->x * FACTOR), *y = PyFloat_FromDouble(((Point *)self)->y);
  PyObject *text = x == NULL || y == NULL ? NULL : PyUnicode_FromFormat("Point(%R, %R)", x, y);
  Py_XDECREF(x);
  Py_XDECREF(y);
  return text;
}

static PyMemberDef point_members[] = {
    {"x", Py_T_DOUBLE, offsetof(Point, x), 0, NULL},
    {"y", Py_T_DOUBLE, offsetof(Point, y), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject point_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "probe.Point",
    .tp_basicsize = sizeof(Point),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_init = point_init,
    .tp_new = PyType_GenericNew,
    .tp_repr = point_repr,
    .tp_members = point_members,
};

/* ---- functions ---- */

static PyObject *call(PyObject *module, PyObject *args) {
  (void)module;
  const char *name;
  PyObject *argument;
  if (!PyArg_ParseTuple(args, "sO:call", &name, &argument)) return NULL;
  ++*counter;
  for (const struct entry *entry = probe_entries; entry->name != NULL; entry++)
    if (strcmp(entry->name, name) == 0) return entry->function(argument);
  PyErr_Format(PyExc_LookupError, "no function %s", name);
  return NULL;
}

/* Imports a module that no Python code names, and that needs the compiler to start. */
static PyObject *fraction(PyObject *module, PyObject *text) {
  (void)module;
  PyObject *fractions = PyImport_ImportModule("fractions");
  PyObject *result = fractions == NULL ? NULL : PyObject_CallMethod(fractions, "Fraction", "O", text);
  Py_XDECREF(fractions);
  return result;
}

static PyObject *state(PyObject *module, PyObject *unused) {
  (void)module;
  (void)unused;
  return Py_BuildValue("(iis)", constructed, *counter, GREETING);
}

static PyMethodDef methods[] = {
    {"call", call, METH_VARARGS, NULL},
    {"fraction", fraction, METH_O, NULL},
    {"state", state, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "probe._core", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit__core(void) {
  constructed += 2;
  if (PyType_Ready(&point_type) < 0) return NULL;
  PyObject *module = PyModule_Create(&definition);
  if (module == NULL || PyModule_AddObjectRef(module, "Point", (PyObject *)&point_type) < 0) {
    Py_XDECREF(module);
    return NULL;
  }
  return module;
}
