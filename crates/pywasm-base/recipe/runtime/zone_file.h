/* A file of the system's time zones (zone_file.c). */
#ifndef PYWASM_ZONE_FILE_H
#define PYWASM_ZONE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <patchlevel.h>

/* Where the image has the files, below its root. Programs find them at /usr/share/zoneinfo. */
#define ZONE_FILES "lib/python" TEXT_OF(PY_MAJOR_VERSION) "." TEXT_OF(PY_MINOR_VERSION) "/zoneinfo/zones"
#define TEXT_OF(macro) TEXT(macro)
#define TEXT(token) #token

struct zone_file {
  const uint8_t *times, *kinds, *types;
  const char *names, *rule; /* `rule`: what holds after the last change, as TZ would say it; ends with a newline */
  uint32_t changes, type_count, name_bytes;
};

struct zone_type {
  int offset; /* seconds east of UTC */
  bool summer;
  const char *name;
};

/* Opens the file of the zone with that name; false where the artifact has none. */
bool zone_file_open(const char *name, struct zone_file *file);

/* The type that holds at a moment, in UTC or as clocks show it; false after the last change. */
bool zone_file_find(const struct zone_file *file, long long seconds, int local, struct zone_type *found);

/* Seconds east of UTC of the other half of the year, as seen from a moment. */
int zone_file_other(const struct zone_file *file, long long seconds, const struct zone_type *now);

#endif
