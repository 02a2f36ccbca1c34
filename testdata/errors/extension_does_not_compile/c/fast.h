static PyObject *twice(PyObject *object) { return PyNumber_Add(object, objekt); }
