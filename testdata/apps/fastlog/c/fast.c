/* The hot part of a log's parser.
 *
 * In:  str objects. Out: a datetime in UTC, an IPv4 address as a number, a level as a number; None for what is not
 *      in the usual form, which the caller then gives to slower code. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <datetime.h>

#include "calendar.h"

#include <string.h>

/* The UTF-8 text of a str. NULL with a TypeError for anything else. */
static const char *text_of(PyObject *object, Py_ssize_t *length) {
  if (PyUnicode_Check(object)) return PyUnicode_AsUTF8AndSize(object, length);
  PyErr_Format(PyExc_TypeError, "expected str, not %.100s", Py_TYPE(object)->tp_name);
  return NULL;
}

/* ---- time ---- */

/* Reads `count` digits at *at and moves behind them; -1 where one is none. */
static int digits(const char **at, const char *end, int count) {
  int value = 0;
  if (end - *at < count) return -1;
  for (; count > 0; count--, ++*at) {
    if (**at < '0' || **at > '9') return -1;
    value = value * 10 + (**at - '0');
  }
  return value;
}

static bool take(const char **at, const char *end, char c) {
  if (*at == end || **at != c) return false;
  ++*at;
  return true;
}

struct moment {
  int year, month, day, hour, minute, second, microsecond, offset; /* of UTC, in minutes */
};

/* YYYY-MM-DDTHH:MM:SS, a fraction of 3 or 6 digits, then Z, +HH:MM, -HH:MM or nothing. */
static bool read_moment(const char *at, const char *end, struct moment *to) {
  to->year = digits(&at, end, 4);
  if (to->year < 1 || !take(&at, end, '-')) return false;
  to->month = digits(&at, end, 2);
  if (to->month < 1 || to->month > 12 || !take(&at, end, '-')) return false;
  to->day = digits(&at, end, 2);
  if (to->day < 1 || to->day > days_in(to->year, to->month)) return false;
  if (!take(&at, end, 'T') && !take(&at, end, ' ')) return false;
  to->hour = digits(&at, end, 2);
  if (to->hour < 0 || to->hour > 23 || !take(&at, end, ':')) return false;
  to->minute = digits(&at, end, 2);
  if (to->minute < 0 || to->minute > 59 || !take(&at, end, ':')) return false;
  to->second = digits(&at, end, 2);
  if (to->second < 0 || to->second > 59) return false;
  to->microsecond = 0;
  if (take(&at, end, '.')) {
    to->microsecond = digits(&at, end, 3);
    if (to->microsecond < 0) return false;
    to->microsecond *= 1000;
    if (at != end && *at >= '0' && *at <= '9') {
      int rest = digits(&at, end, 3);
      if (rest < 0) return false;
      to->microsecond += rest;
    }
  }
  to->offset = 0;
  if (at == end) return true;
  if (take(&at, end, 'Z')) return at == end;
  int sign = *at == '-' ? -1 : 1;
  if (!take(&at, end, '+') && !take(&at, end, '-')) return false;
  int hours = digits(&at, end, 2);
  if (hours < 0 || hours > 23 || !take(&at, end, ':')) return false;
  int minutes = digits(&at, end, 2);
  if (minutes < 0 || minutes > 59) return false;
  to->offset = sign * (hours * 60 + minutes);
  return at == end;
}

/* The same moment with an offset of 0; false where that leaves the years 1 to 9999. */
static bool to_utc(struct moment *moment) {
  int minutes = moment->hour * 60 + moment->minute - moment->offset;
  int day = minutes < 0 ? -1 : minutes >= 24 * 60 ? 1 : 0;
  minutes -= day * 24 * 60;
  moment->hour = minutes / 60;
  moment->minute = minutes % 60;
  moment->offset = 0;
  moment->day += day;
  if (moment->day < 1) {
    if (--moment->month < 1) {
      moment->month = 12;
      moment->year--;
    }
    moment->day = moment->year < 1 ? 1 : days_in(moment->year, moment->month);
  } else if (moment->day > days_in(moment->year, moment->month)) {
    moment->day = 1;
    if (++moment->month > 12) {
      moment->month = 1;
      moment->year++;
    }
  }
  return moment->year >= 1 && moment->year <= 9999;
}

static PyObject *parse_timestamp(PyObject *module, PyObject *object) {
  (void)module;
  Py_ssize_t length;
  const char *text = text_of(object, &length);
  if (text == NULL) return NULL;
  struct moment moment;
  if (!read_moment(text, text + length, &moment) || !to_utc(&moment)) Py_RETURN_NONE;
  return PyDateTimeAPI->DateTime_FromDateAndTime(moment.year, moment.month, moment.day, moment.hour, moment.minute,
                                                 moment.second, moment.microsecond, PyDateTime_TimeZone_UTC,
                                                 PyDateTimeAPI->DateTimeType);
}

/* ---- address ---- */

static PyObject *extract_ip(PyObject *module, PyObject *object) {
  (void)module;
  Py_ssize_t length;
  const char *at = text_of(object, &length);
  if (at == NULL) return NULL;
  const char *end = at + length;
  unsigned long address = 0;
  for (int part = 0; part < 4; part++) {
    if (part > 0 && !take(&at, end, '.')) Py_RETURN_NONE;
    const char *start = at;
    unsigned value = 0;
    for (; at != end && *at >= '0' && *at <= '9' && at - start < 3; at++) value = value * 10 + (unsigned)(*at - '0');
    bool zero_before = at - start > 1 && *start == '0';
    if (at == start || value > 255 || zero_before) Py_RETURN_NONE;
    address = address << 8 | value;
  }
  if (at != end) Py_RETURN_NONE;
  return PyLong_FromUnsignedLong(address);
}

/* ---- level ---- */

static PyObject *normalize_level(PyObject *module, PyObject *object) {
  (void)module;
  static const struct {
    const char *name;
    long number;
  } levels[] = {{"DEBUG", 10}, {"INFO", 20}, {"WARNING", 30}, {"ERROR", 40}};
  Py_ssize_t length;
  const char *text = text_of(object, &length);
  if (text == NULL) return NULL;
  for (size_t i = 0; i < Py_ARRAY_LENGTH(levels); i++) {
    if (strlen(levels[i].name) == (size_t)length && PyOS_strnicmp(levels[i].name, text, length) == 0)
      return PyLong_FromLong(levels[i].number);
  }
  Py_RETURN_NONE;
}

/* ---- the module ---- */

static PyMethodDef methods[] = {
    {"parse_timestamp", parse_timestamp, METH_O, "The moment that an ISO 8601 text names, in UTC; or None."},
    {"extract_ip", extract_ip, METH_O, "The number of an IPv4 address; or None."},
    {"normalize_level", normalize_level, METH_O, "The number of a level's name, in any case; or None."},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
  PyDateTime_IMPORT;
  if (PyDateTimeAPI == NULL) return -1;
  return PyModule_AddStringConstant(module, "__version__", FASTLOG_VERSION);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "fastlog._fast",
    .m_doc = "The hot part of a log's parser.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&definition); }
