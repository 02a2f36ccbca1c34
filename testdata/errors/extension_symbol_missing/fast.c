#include <Python.h>

extern int from_another_library(int);
extern int another_number;

PyMODINIT_FUNC PyInit_fast(void) { return PyLong_FromLong(from_another_library(another_number)); }
