/* The steps of an artifact's start, for main.c and python.c. */
#ifndef PYWASM_MAIN_H
#define PYWASM_MAIN_H

#include <Python.h>

/* In a rehearsal: the descriptor at which the host listens. No guest opens so many that it could be one of its own. */
enum { PYWASM_NOTICES = 1000 };

/* What `main` does with the process's arguments: `pywasm_run_app` unless python.c says otherwise. */
extern int (*pywasm_program)(int, char **);

/* CPython's path computation; NULL in an artifact. */
extern PyStatus (*pywasm_compute_paths)(PyConfig *, int);

/* Ends the interpreter; -1: output could not be flushed. Whoever starts it says how it ends. */
extern int (*pywasm_finish)(void);

/* The Python half of the start, overlay/_pywasm.py. */
extern PyObject *pywasm_helper;

/* The lists that were sys.argv and sys.orig_argv when the snapshot was taken; NULL without a snapshot. */
extern PyObject *pywasm_arguments, *pywasm_original_arguments;

/* A new reference to the text of that key in etc/entry. */
PyObject *pywasm_entry(const char *key);

/* Whether that text is the expected one; -1 with an exception set. */
int pywasm_entry_is(const char *key, const char *expected);

/* Checks the image and mounts it. 0, or an exit code. */
int pywasm_mount_app(void);

/* What `pywasm_run` runs of `__main__`: this code, or nothing where it is True; None: the whole of it. */
void pywasm_set_main(PyObject *code);

/* From the image in memory to the app's exit code. */
int pywasm_run_app(int argc, char **argv);

/* Starts the interpreter; neither arguments nor environment are looked at. 0, or an exit code. */
int pywasm_initialise(void);

/* Runs the entry and ends the interpreter; the exit code. */
int pywasm_run(int argc, char **argv);

#endif
