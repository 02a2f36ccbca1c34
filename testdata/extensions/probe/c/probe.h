/* What the two files share. */
#ifndef PROBE_H
#define PROBE_H

#include <Python.h>

#define GREETING "hello"

/* A function that is reached through a table of pointers. */
typedef PyObject *(*probe_function)(PyObject *);

struct entry {
  const char *name;
  probe_function function;
};

extern const struct entry probe_entries[];

#endif
