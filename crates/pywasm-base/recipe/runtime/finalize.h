/* The end of an artifact after its snapshot (finalize.c). */
#ifndef PYWASM_FINALIZE_H
#define PYWASM_FINALIZE_H

#include <Python.h>

/* Before the snapshot: what the end has to know of it. `library`, `packages`: names of the modules that are not the
 * app's, two sets; `half`: a tuple of modules that are half imported; `exits`, `thread_exits`: see finalize.c. -1 with
 * an exception set. */
int pywasm_prepare_end(PyObject *library, PyObject *packages, PyObject *half, PyObject *exits, PyObject *thread_exits);

/* Ends the program. -1: output could not be flushed. */
int pywasm_finalize(void);

#endif
