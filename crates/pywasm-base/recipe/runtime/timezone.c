/* The local time zone: what the variable TZ says, by the name of a zone, such as `Europe/Berlin`, or in the form of
 * POSIX, such as `EST5EDT,M3.2.0,M11.1.0`.
 *
 * In:  TZ, read at first use and by tzset(); the files of zones in the artifact; wasi-libc's question about a moment
 *      (its own answer is always UTC).
 * Out: whether daylight saving time holds, the seconds east of UTC, the zone's name.
 *
 * Without TZ, and for the name of a zone that the artifact has no file of, the time is UTC, as on a Linux without
 * such files. */
#include "main.h"
#include "timezone.h"
#include "zone_file.h"

#include <Python.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wasi/api.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

/* A day of each year and a time on it: Mm.w.d, Jn (without 29 February) or n. */
struct change {
  char kind;
  int month, week, day, time;
};

static struct zone {
  bool known, has_summer, has_file;
  struct zone_file file;
  struct {
    char name[16];
    int offset; /* seconds east of UTC */
  } half[2];    /* standard time, daylight saving time */
  struct change start, end;
} zone;

void (*pywasm_renew_zone)(void) = NULL;
bool pywasm_zone_is_watched = false;

/* Questions of the module `time` for its own variables, which each start asks again. */
int pywasm_zone_questions;

/* ---- the variable ---- */

static bool read_number(const char **at, int *number) {
  if (!isdigit((unsigned char)**at)) return false;
  for (*number = 0; isdigit((unsigned char)**at) && *number < 100000; ++*at) *number = *number * 10 + (**at - '0');
  return true;
}

/* hh, hh:mm or hh:mm:ss, with a sign. */
static bool read_time(const char **at, int *seconds) {
  int sign = **at == '-' ? -1 : 1, part, unit = HOUR;
  *at += **at == '-' || **at == '+';
  if (!read_number(at, &part)) return false;
  *seconds = part * unit;
  while (**at == ':' && unit > 1) {
    unit /= 60;
    ++*at;
    if (!read_number(at, &part)) return false;
    *seconds += part * unit;
  }
  *seconds *= sign;
  return true;
}

static bool read_name(const char **at, char name[16]) {
  bool quoted = **at == '<';
  const char *start = *at + quoted, *end = start;
  while (quoted ? isalnum((unsigned char)*end) || *end == '+' || *end == '-' : isalpha((unsigned char)*end)) end++;
  size_t length = (size_t)(end - start);
  if (length < 3 || length > 15 || (quoted && *end != '>')) return false;
  memcpy(name, start, length);
  name[length] = '\0';
  *at = end + quoted;
  return true;
}

static bool read_change(const char **at, struct change *change) {
  if (*(*at)++ != ',') return false;
  change->kind = isdigit((unsigned char)**at) ? '0' : *(*at)++;
  change->time = 2 * HOUR;
  bool read = change->kind == 'M' ? read_number(at, &change->month) && *(*at)++ == '.' && read_number(at, &change->week) &&
                                        *(*at)++ == '.' && read_number(at, &change->day) && change->month >= 1 &&
                                        change->month <= 12 && change->week >= 1 && change->week <= 5 && change->day <= 6
                                  : (change->kind == 'J' || change->kind == '0') && read_number(at, &change->day);
  if (!read || **at != '/') return read;
  ++*at;
  return read_time(at, &change->time);
}

/* What stands in TZ, or on the last line of a zone's file. */
static void read_rule(const char *at) {
  const char *usual = ",M3.2.0,M11.1.0";
  if (!read_name(&at, zone.half[0].name)) return;
  int west;
  if (!read_time(&at, &west)) return;
  zone.half[0].offset = -west;
  if (!read_name(&at, zone.half[1].name)) return;
  zone.half[1].offset = zone.half[0].offset + HOUR;
  if (*at != ',' && *at != '\0') {
    if (!read_time(&at, &west)) return;
    zone.half[1].offset = -west;
  }
  if (*at == '\0') at = usual;
  zone.has_summer = read_change(&at, &zone.start) && read_change(&at, &zone.end);
}

static void read_zone(void) {
  const char *name = getenv("TZ");
  memset(&zone, 0, sizeof zone);
  zone.known = true;
  for (int i = 0; i < 2; i++) strcpy(zone.half[i].name, "UTC");
  if (name == NULL) return;
  name += *name == ':';
  zone.has_file = zone_file_open(name, &zone.file);
  read_rule(zone.has_file ? zone.file.rule : name);
}

/* ---- moments ---- */

static bool is_leap(long long year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static long long floor_divide(long long number, int by) { return number / by - (number % by < 0); }

static long long leap_days(long long last) {
  return floor_divide(last, 4) - floor_divide(last, 100) + floor_divide(last, 400);
}

/* Days from 1970 to the first day of a year. */
static long long first_day(long long year) {
  return (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
}

static long long year_of(long long seconds) {
  long long days = floor_divide(seconds, DAY), year = 1970 + floor_divide(days * 400, 146097);
  while (first_day(year) > days) year--;
  while (first_day(year + 1) <= days) year++;
  return year;
}

/* When a change comes, in the time that the clocks show before it. */
static long long moment(const struct change *change, long long year) {
  static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  long long day = first_day(year);
  bool leap = is_leap(year);
  if (change->kind == '0') {
    day += change->day;
  } else if (change->kind == 'J') {
    day += change->day - 1 + (leap && change->day > 59);
  } else {
    int month = change->month - 1, length = before[month + 1] - before[month] + (leap && month == 1);
    day += before[month] + (leap && month > 1);
    /* 1 January 1970 was a Thursday. */
    int first = (int)(((day + 4) % 7 + 7) % 7), in_month = (change->day - first + 7) % 7 + (change->week - 1) * 7;
    day += in_month < length ? in_month : in_month - 7;
  }
  return day * DAY + change->time;
}

/* For a moment in UTC, or `local`: as clocks show it. A time that no clock shows is one of standard time. */
static bool is_summer(long long seconds, int local) {
  if (!zone.has_summer) return false;
  int standard = zone.half[0].offset, summer = zone.half[1].offset;
  long long year = year_of(local ? seconds : seconds + standard);
  long long start = moment(&zone.start, year), end = moment(&zone.end, year);
  start += local ? summer - standard : -standard;
  end -= local ? 0 : summer;
  return start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end;
}

/* ---- the seams ---- */

static void renew(void) {
  zone.known = false;
  if (getenv("TZ") == NULL) return;
  PyObject *name = PyUnicode_FromString("time"), *module = name == NULL ? NULL : PyImport_GetModule(name);
  Py_XDECREF(module == NULL ? NULL : PyObject_CallMethod(module, "tzset", NULL));
  PyErr_Clear();
  Py_XDECREF(module);
  Py_XDECREF(name);
}

static void tell(void) {
  static const char line[] = "environment\tTZ\n";
  const __wasi_ciovec_t notice = {(const uint8_t *)line, sizeof line - 1};
  __wasi_size_t written;
  (void)__wasi_fd_write(PYWASM_NOTICES, &notice, 1, &written);
}

void pywasm_tzset(void) { zone.known = false; }

void __wrap___secs_to_zone(long long seconds, int local, int *summer, int *offset, long *other, const char **name) {
  pywasm_renew_zone = renew;
  if (pywasm_zone_questions > 0) pywasm_zone_questions--;
  else if (pywasm_zone_is_watched) tell();
  if (!zone.known) read_zone();
  struct zone_type type;
  if (zone.has_file && zone_file_find(&zone.file, seconds, local, &type)) {
    if (summer != NULL) *summer = type.summer;
    if (offset != NULL) *offset = type.offset;
    if (other != NULL) *other = zone_file_other(&zone.file, seconds, &type);
    if (name != NULL) *name = type.name;
    return;
  }
  bool half = is_summer(seconds, local);
  if (summer != NULL) *summer = half;
  if (offset != NULL) *offset = zone.half[half].offset;
  /* Who claims another time than the zone ever has is an hour off, as with glibc. */
  if (other != NULL) *other = zone.has_summer ? zone.half[!half].offset : zone.half[0].offset + HOUR;
  if (name != NULL) *name = zone.half[half].name;
}

/* glibc's name for Universal Time, which programs put into dates of HTTP. */
struct tm *__real_gmtime_r(const time_t *, struct tm *);
struct tm *__wrap_gmtime_r(const time_t *seconds, struct tm *out);
struct tm *__wrap_gmtime_r(const time_t *seconds, struct tm *out) {
  struct tm *result = __real_gmtime_r(seconds, out);
  if (result != NULL) result->tm_zone = "GMT";
  return result;
}
