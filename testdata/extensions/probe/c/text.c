/* Functions of the C library, behind a table: addresses of data and of functions in data. */
#include "probe.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

static int by_value(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

/* qsort, strtol, strtok_r, strdup, snprintf: a line of numbers, sorted. */
static PyObject *sorted_numbers(PyObject *text) {
  const char *given = PyUnicode_AsUTF8(text);
  char *copy = given == NULL ? NULL : strdup(given);
  if (copy == NULL) return given == NULL ? NULL : PyErr_NoMemory();
  long numbers[16];
  size_t count = 0;
  char *rest = NULL;
  for (char *word = strtok_r(copy, " ", &rest); word != NULL && count < 16; word = strtok_r(NULL, " ", &rest))
    numbers[count++] = strtol(word, NULL, 0);
  free(copy);
  qsort(numbers, count, sizeof *numbers, by_value);
  char line[256] = "";
  for (size_t i = 0, used = 0; i < count; i++)
    used += (size_t)snprintf(line + used, sizeof line - used, "%s%ld", i > 0 ? "," : "", numbers[i]);
  return PyUnicode_FromString(line);
}

/* Functions of math.h that CPython itself has no use for, and a number that is printed as one. */
static PyObject *mathematics(PyObject *text) {
  char *end;
  const char *given = PyUnicode_AsUTF8(text);
  if (given == NULL) return NULL;
  double x = strtod(given, &end);
  char line[128];
  snprintf(line, sizeof line, "%.6f %.6f %.6f %d", remquo(x, 2.5, &(int){0}), j0(x), tgamma(x), ilogb(x));
  return PyUnicode_FromString(line);
}

/* Characters: ctype.h, wchar.h, and errno from a call that fails. */
static PyObject *characters(PyObject *text) {
  const char *given = PyUnicode_AsUTF8(text);
  if (given == NULL) return NULL;
  wchar_t wide[32];
  size_t length = mbstowcs(wide, given, 32);
  char upper[64];
  size_t i = 0;
  for (; given[i] != '\0' && i + 1 < sizeof upper; i++) upper[i] = (char)toupper((unsigned char)given[i]);
  upper[i] = '\0';
  errno = 0;
  (void)strtol("99999999999999999999", NULL, 10);
  return PyUnicode_FromFormat("%zu %s %s", length, upper, strerror(errno));
}

/* Times: a calendar date of a number of seconds. */
static PyObject *calendar(PyObject *text) {
  time_t seconds = (time_t)PyLong_AsLongLong(text);
  struct tm parts;
  char line[64];
  if (PyErr_Occurred() || gmtime_r(&seconds, &parts) == NULL) return NULL;
  strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S", &parts);
  return PyUnicode_FromString(line);
}

/* What the compiler's library does: 128 bits. */
static PyObject *wide_division(PyObject *number) {
  unsigned long long value = PyLong_AsUnsignedLongLong(number);
  if (PyErr_Occurred()) return NULL;
  unsigned __int128 wide = ((unsigned __int128)value << 64) + 12345;
  return PyLong_FromUnsignedLongLong((unsigned long long)(wide / 1000000007 % 1000000000000ull));
}

const struct entry probe_entries[] = {
    {"sorted_numbers", sorted_numbers}, {"mathematics", mathematics},     {"characters", characters},
    {"calendar", calendar},             {"wide_division", wide_division}, {NULL, NULL},
};
