/* What the collector never looks at again (freeze.c). */
#ifndef PYWASM_FREEZE_H
#define PYWASM_FREEZE_H

#include <Python.h>
#include <stdbool.h>

/* Freezes the interpreter as it stands before the program begins, but for `__main__`. */
void pywasm_freeze_start(void);

/* Freezes what the rehearsal has made of the modules with these names, a set, but nothing of the program's own. `half`:
 * a tuple of more modules of the program's, which are half imported. -1 with an exception set. */
int pywasm_freeze_modules(PyObject *names, PyObject *half);

/* Freezes nothing any more. */
void pywasm_thaw(void);

/* Whether the end of an object runs Python code from outside of the standard library: a `__del__`, what is left of a
 * generator, or a function that the program has given to a weak reference. */
bool pywasm_has_finalizers(void);

#endif
