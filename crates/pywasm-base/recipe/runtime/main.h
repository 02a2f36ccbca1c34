/* The steps of an artifact's start, for main.c and python.c. */
#ifndef PYWASM_MAIN_H
#define PYWASM_MAIN_H

#include <Python.h>

/* What `main` does with the process's arguments: `pywasm_run_app` unless python.c says otherwise. */
extern int (*pywasm_program)(int, char **);

/* CPython's path computation; NULL in an artifact. */
extern PyStatus (*pywasm_compute_paths)(PyConfig *, int);

/* Ends the interpreter; -1: output could not be flushed. Whoever starts it says how it ends. */
extern int (*pywasm_finish)(void);

/* The Python half of the start, overlay/_pywasm.py. */
extern PyObject *pywasm_helper;

/* Checks the image and mounts it. 0, or an exit code. */
int pywasm_mount_app(void);

/* Makes the code of `__main__` ready, so that `pywasm_run` only has to run it. -1 with an exception set. */
int pywasm_prepare_main(void);

/* From the image in memory to the app's exit code. */
int pywasm_run_app(int argc, char **argv);

/* Starts the interpreter; neither arguments nor environment are looked at. 0, or an exit code. */
int pywasm_initialise(void);

/* Runs the entry and ends the interpreter; the exit code. */
int pywasm_run(int argc, char **argv);

#endif
