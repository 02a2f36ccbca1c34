/* Days of the proleptic Gregorian calendar. */
#ifndef FASTLOG_CALENDAR_H
#define FASTLOG_CALENDAR_H

#include <stdbool.h>

static inline bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static inline int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

#endif
