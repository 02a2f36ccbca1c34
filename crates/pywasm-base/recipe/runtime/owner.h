/* Which module a class says that it belongs to: for freeze.c and objects.c. */
#ifndef PYWASM_OWNER_H
#define PYWASM_OWNER_H

#include <Python.h>
#include "pycore_global_objects.h"
#include "pycore_runtime.h"

/* What is in `sys.modules` by the name in `__module__`: borrowed, or NULL. */
static inline PyObject *module_of_class(PyTypeObject *type) {
  PyObject *name = type->tp_dict == NULL ? NULL : PyDict_GetItemWithError(type->tp_dict, &_Py_ID(__module__));
  PyObject *module = name == NULL ? NULL : PyDict_GetItemWithError(PyImport_GetModuleDict(), name);
  PyErr_Clear();
  return module;
}

#endif
