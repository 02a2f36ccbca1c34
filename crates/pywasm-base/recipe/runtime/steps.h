/* Where in a module's code a rehearsal can stop and a start can go on (steps.c). */
#ifndef PYWASM_STEPS_H
#define PYWASM_STEPS_H

#include <Python.h>

/* The last step of `code` that was taken before the instruction at `unit`, or -1 where there is none. Units count
 * instructions and their caches from the start of the code. Calls nothing of the interpreter's. */
int pywasm_find_step(PyCodeObject *code, int unit);

/* Whether the instruction at `unit` is that of an import statement, and the step does nothing else before it. */
int pywasm_is_import(PyCodeObject *code, int step, int unit);

#endif
