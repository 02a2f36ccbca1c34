/* The start and the end of an artifact after its snapshot (resume.c). */
#ifndef PYWASM_RESUME_H
#define PYWASM_RESUME_H

#include <Python.h>

/* The last step before the snapshot: makes the entry's code ready where that runs none of the app, and keeps what
 * the start needs. `own`: what _pywasm_snapshot.py returned from `finish`. -1 with an exception set. */
int pywasm_prepare_resume(PyObject *own);

#endif
