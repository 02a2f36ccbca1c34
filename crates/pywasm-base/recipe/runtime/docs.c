/* The builtin module `_pywasm_docstrings`: puts a docstring where CPython's C code keeps it, for _pywasm_docs.py (docs.py in the
 * recipe). CPython is compiled without them; an artifact that reads none has neither module. */
#include <Python.h>

#include <structmember.h>

/* Where the text of something built in is kept; NULL for all else. */
static const char **place_of(PyObject *thing) {
  PyTypeObject *type = Py_TYPE(thing);
  if (PyCFunction_Check(thing)) return &((PyCFunctionObject *)thing)->m_ml->ml_doc;
  if (type == &PyMethodDescr_Type || type == &PyClassMethodDescr_Type) return &((PyMethodDescrObject *)thing)->d_method->ml_doc;
  if (type == &PyGetSetDescr_Type) return &((PyGetSetDescrObject *)thing)->d_getset->doc;
  if (type == &PyMemberDescr_Type) return &((PyMemberDescrObject *)thing)->d_member->doc;
  if (type == &PyWrapperDescr_Type) return (const char **)&((PyWrapperDescrObject *)thing)->d_base->doc;
  if (PyType_Check(thing) && !PyType_HasFeature((PyTypeObject *)thing, Py_TPFLAGS_HEAPTYPE))
    return &((PyTypeObject *)thing)->tp_doc;
  return NULL;
}

/* set_doc(thing, text): the text has to live as long as the process. */
static PyObject *set_doc(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *thing, *text;
  if (!PyArg_ParseTuple(arguments, "OU:set_doc", &thing, &text)) return NULL;
  const char **place = place_of(thing);
  const char *bytes = place == NULL ? NULL : PyUnicode_AsUTF8(text);
  if (place != NULL && bytes == NULL) return NULL;
  if (place != NULL) *place = bytes;
  int result = 0;
  if (PyType_Check(thing)) {
    PyObject *names = PyType_GetDict((PyTypeObject *)thing), *old = PyDict_GetItemString(names, "__doc__");
    /* Some types have an attribute of that name for their objects. */
    if (old == NULL || old == Py_None || PyUnicode_Check(old)) result = PyDict_SetItemString(names, "__doc__", text);
    PyType_Modified((PyTypeObject *)thing);
    Py_DECREF(names);
  } else if (place == NULL) {
    result = PyObject_SetAttrString(thing, "__doc__", text);
  }
  if (result < 0) return NULL;
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"set_doc", set_doc, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {{Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_pywasm_docstrings", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit__pywasm_docstrings(void) { return PyModuleDef_Init(&module); }
