/* Reads files of time zones (RFC 8536) out of the image.
 *
 * In:  the name of a zone, a moment.
 * Out: the zone's offset, name and daylight saving time at that moment.
 *
 * All lengths come from the file, so each is checked against its size. */
#include "zone_file.h"

#include "image.h"

#include <string.h>

enum { HOUR = 3600, HEADER = 44 };

static uint32_t big32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static long long big64(const uint8_t *at) {
  return (long long)((uint64_t)big32(at) << 32 | big32(at + 4));
}

/* The counts of a header: isutc, isstd, leap seconds, changes, types, bytes of names. */
static uint64_t body_length(const uint8_t *header, unsigned time_size) {
  const uint8_t *counts = header + 20;
  return (uint64_t)big32(counts) + big32(counts + 4) + (uint64_t)big32(counts + 8) * (time_size + 4) +
         (uint64_t)big32(counts + 12) * (time_size + 1) + (uint64_t)big32(counts + 16) * 6 + big32(counts + 20);
}

static bool is_header(const uint8_t *at, size_t room) { return room >= HEADER && memcmp(at, "TZif", 4) == 0; }

static bool parse(const uint8_t *at, size_t room, struct zone_file *file) {
  if (!is_header(at, room) || at[4] < '2') return false;
  /* First comes the body with times of 32 bits, for readers of old. */
  uint64_t length = body_length(at, 4);
  if (length > room - HEADER) return false;
  room -= HEADER + (size_t)length;
  at += HEADER + length;
  if (!is_header(at, room)) return false;
  length = body_length(at, 8);
  if (length > room - HEADER) return false;
  file->changes = big32(at + 32);
  file->type_count = big32(at + 36);
  file->name_bytes = big32(at + 40);
  file->times = at + HEADER;
  file->kinds = file->times + (size_t)file->changes * 8;
  file->types = file->kinds + file->changes;
  file->names = (const char *)file->types + (size_t)file->type_count * 6;
  at += HEADER + length;
  room -= HEADER + (size_t)length;
  if (file->type_count == 0 || file->name_bytes == 0 || file->names[file->name_bytes - 1] != '\0') return false;
  if (room < 2 || at[0] != '\n' || memchr(at + 1, '\n', room - 1) == NULL) return false;
  file->rule = (const char *)at + 1;
  return true;
}

bool zone_file_open(const char *name, struct zone_file *file) {
  char path[128] = ZONE_FILES "/";
  static const char system[] = "/usr/share/zoneinfo/";
  if (strncmp(name, system, sizeof system - 1) == 0) name += sizeof system - 1;
  if (*name == '\0' || strlen(name) >= sizeof path - sizeof ZONE_FILES - 1 || strstr(name, "..") != NULL) return false;
  if (image_check() != IMAGE_GOOD) return false;
  struct image_place place = image_follow(IMAGE_ROOT, strcat(path, name));
  if (place.walk != WALK_FOUND) return false;
  const struct image_node *node = image_node(place.node);
  const uint8_t *bytes = node == NULL ? NULL : image_bytes(node);
  return bytes != NULL && parse(bytes, node->count, file);
}

static struct zone_type type_of(const struct zone_file *file, uint32_t index) {
  if (index >= file->type_count) index = 0;
  const uint8_t *type = file->types + (size_t)index * 6;
  uint32_t name = type[5] < file->name_bytes ? type[5] : file->name_bytes - 1;
  return (struct zone_type){.offset = (int)big32(type), .summer = type[4] != 0, .name = file->names + name};
}

/* The type before the change of that number. */
static struct zone_type before(const struct zone_file *file, uint32_t change) {
  return type_of(file, change == 0 ? 0 : file->kinds[change - 1]);
}

/* How many changes have come. Of a time that clocks show twice the first is meant, and one that they never show
 * is counted by the offset before the change. */
static uint32_t changes_until(const struct zone_file *file, long long seconds, int local) {
  uint32_t low = 0, high = file->changes;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    long long time = big64(file->times + (size_t)middle * 8);
    if (local) {
      int earlier = before(file, middle).offset, later = type_of(file, file->kinds[middle]).offset;
      time += earlier > later ? earlier : later;
    }
    if (seconds >= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

bool zone_file_find(const struct zone_file *file, long long seconds, int local, struct zone_type *found) {
  uint32_t change = changes_until(file, seconds, local);
  /* After the last change the rule holds, unless there is none. */
  if (change == file->changes && *file->rule != '\n') return false;
  *found = before(file, change);
  return true;
}

int zone_file_other(const struct zone_file *file, long long seconds, const struct zone_type *now) {
  for (uint32_t change = changes_until(file, seconds, 0); change > 0; change--) {
    struct zone_type type = before(file, change);
    if (type.summer != now->summer) return type.offset;
  }
  return now->offset + (now->summer ? -HOUR : HOUR);
}
