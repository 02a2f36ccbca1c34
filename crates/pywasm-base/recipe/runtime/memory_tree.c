/* The tree of files in memory.
 *
 * Takes names, sizes and permissions. Gives nodes: folders with entries, files with bytes, links, devices. A node lives
 * as long as it has a name or an open descriptor. What all files take together has a limit, `tmp-size` in
 * /pywasm/etc/entry. */
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where the configuration names no limit. */
#define DEFAULT_LIMIT ((uint64_t)256 << 20)
/* What a node counts for besides its bytes. */
#define NODE_COST 128

static struct memory_node *top;
static uint64_t next_inode = 2, next_serial = 1, limit, used;
static int mask = 022;

__wasi_timestamp_t memory_now(void) {
  __wasi_timestamp_t now = 0;
  (void)__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &now);
  return now;
}

int memory_umask(int new) {
  int old = mask;
  mask = new & 0777;
  return old;
}

/* ---- the limit ---- */

static uint64_t read_limit(void) {
  static const char key[] = "\ntmp-size=";
  struct image_place place = image_follow(IMAGE_ROOT, "etc/entry");
  const struct image_node *node = place.walk == WALK_FOUND ? image_node(place.node) : NULL;
  const uint8_t *text = node == NULL ? NULL : image_bytes(node);
  if (text == NULL) return DEFAULT_LIMIT;
  for (size_t at = 0; at + sizeof key - 1 <= node->count; at++) {
    if (memcmp(text + at, key, sizeof key - 1) != 0) continue;
    uint64_t bytes = 0;
    for (at += sizeof key - 1; at < node->count && text[at] >= '0' && text[at] <= '9'; at++)
      bytes = bytes * 10 + (text[at] - '0');
    return bytes;
  }
  return DEFAULT_LIMIT;
}

static bool take(uint64_t bytes) {
  if (limit == 0) limit = read_limit();
  if (bytes > limit || used > limit - bytes) return false;
  used += bytes;
  return true;
}

void memory_usage(uint64_t *taken, uint64_t *most) {
  (void)take(0);
  *taken = used;
  *most = limit;
}

/* ---- nodes ---- */

struct memory_node *memory_make(__wasi_filetype_t kind, int mode) {
  struct memory_node *node = calloc(1, sizeof *node);
  if (node == NULL) return NULL;
  node->kind = kind;
  node->access.mode = (uint16_t)mode;
  if (kind == __WASI_FILETYPE_REGULAR_FILE || kind == __WASI_FILETYPE_DIRECTORY) node->access.mode &= (uint16_t)~mask;
  node->inode = next_inode++;
  node->accessed = node->modified = node->changed = memory_now();
  return node;
}

int memory_add(struct memory_node *folder, const char *name, size_t length, struct memory_node *node) {
  if (folder->size == folder->room) {
    size_t room = folder->room == 0 ? 8 : folder->room * 2;
    struct memory_entry **grown = realloc(folder->entries, room * sizeof *grown);
    if (grown == NULL) return ENOMEM;
    folder->entries = grown;
    folder->room = room;
  }
  if (!take(NODE_COST)) return ENOSPC;
  struct memory_entry *entry = malloc(sizeof *entry + length + 1);
  if (entry == NULL) return ENOMEM;
  entry->node = node;
  entry->serial = next_serial++;
  entry->length = length;
  memcpy(entry->name, name, length);
  entry->name[length] = '\0';
  folder->entries[folder->size++] = entry;
  node->links++;
  if (node->kind == __WASI_FILETYPE_DIRECTORY) node->parent = folder;
  return 0;
}

struct memory_entry *memory_find(struct memory_node *folder, const char *name, size_t length) {
  for (size_t i = 0; i < folder->size; i++) {
    struct memory_entry *entry = folder->entries[i];
    if (entry->length == length && memcmp(entry->name, name, length) == 0) return entry;
  }
  return NULL;
}

void memory_remove(struct memory_node *folder, struct memory_entry *entry) {
  size_t at = 0;
  while (at < folder->size && folder->entries[at] != entry) at++;
  if (at == folder->size) return;
  memmove(folder->entries + at, folder->entries + at + 1, (folder->size - at - 1) * sizeof *folder->entries);
  folder->size--;
  used -= NODE_COST;
  struct memory_node *node = entry->node;
  free(entry);
  node->links--;
  node->changed = memory_now();
  memory_release(node);
}

int memory_resize(struct memory_node *node, uint64_t size) {
  if (size > SIZE_MAX / 2) return EFBIG;
  if (size > node->size && !take(size - node->size)) return ENOSPC;
  if (size > node->room) {
    size_t room = node->room + node->room / 2;
    if (room < size) room = (size_t)size;
    uint8_t *grown = realloc(node->bytes, room);
    if (grown == NULL) {
      room = (size_t)size;
      grown = realloc(node->bytes, room);
    }
    if (grown == NULL) {
      used -= size - node->size;
      return ENOSPC;
    }
    node->bytes = grown;
    node->room = room;
  }
  if (size > node->size) memset(node->bytes + node->size, 0, (size_t)size - node->size);
  else used -= node->size - size;
  node->size = (size_t)size;
  if (size == 0) {
    free(node->bytes);
    node->bytes = NULL;
    node->room = 0;
  }
  return 0;
}

void memory_release(struct memory_node *node) {
  if (node->links > 0 || node->users > 0 || node->fixed) return;
  if (node->kind == __WASI_FILETYPE_DIRECTORY) free(node->entries);
  else if (node->bytes != NULL) used -= node->size;
  free(node->bytes);
  free(node);
}

void memory_describe(const struct memory_node *node, __wasi_filestat_t *out) {
  bool folder = node->kind == __WASI_FILETYPE_DIRECTORY;
  *out = (__wasi_filestat_t){.dev = MEMORY_DEVICE,
                             .ino = node->inode,
                             .filetype = node->kind,
                             .nlink = folder ? 2 : node->links,
                             .size = folder ? 40 + 20 * node->size : node->size,
                             .atim = node->accessed,
                             .mtim = node->modified,
                             .ctim = node->changed};
  for (size_t i = 0; folder && i < node->size; i++)
    out->nlink += node->entries[i]->node->kind == __WASI_FILETYPE_DIRECTORY;
  described_access = node->access;
}

/* ---- what is always there ---- */

static struct memory_node *fixed(struct memory_node *folder, const char *name, __wasi_filetype_t kind, int mode) {
  struct memory_node *node = calloc(1, sizeof *node);
  if (node == NULL) abort(); /* Memory is out before the program has opened anything. */
  *node = (struct memory_node){.kind = kind, .access.mode = (uint16_t)mode, .fixed = true, .inode = next_inode++};
  if (folder != NULL && memory_add(folder, name, strlen(name), node) != 0) abort();
  return node;
}

static void add_device(struct memory_node *folder, const char *name, enum device device, int number) {
  struct memory_node *node = fixed(folder, name, __WASI_FILETYPE_CHARACTER_DEVICE, 0666);
  node->device = (uint8_t)device;
  node->number = number;
}

static struct memory_node *add_folder(struct memory_node *folder, const char *name, int mode) {
  return fixed(folder, name, __WASI_FILETYPE_DIRECTORY, mode);
}

/* /etc/localtime: a file of version 2 that knows UTC alone. */
#define HEAD "TZif2" ZEROS5 ZEROS5 ZEROS5 ZEROS4 ZEROS4 ZEROS4 ZEROS4 "\0\0\0\1" "\0\0\0\4"
#define ZEROS4 "\0\0\0\0"
#define ZEROS5 ZEROS4 "\0"
#define ZONE ZEROS5 "\0" "UTC\0"
static const uint8_t utc[] = HEAD ZONE HEAD ZONE "\nUTC0\n";

struct memory_node *memory_top(void) {
  if (top != NULL) return top;
  top = fixed(NULL, "", __WASI_FILETYPE_DIRECTORY, 0755);
  top->parent = top;
  struct memory_node *folder = add_folder(top, "dev", 0755);
  add_device(folder, "null", DEVICE_NULL, 0);
  add_device(folder, "zero", DEVICE_ZERO, 0);
  add_device(folder, "full", DEVICE_FULL, 0);
  add_device(folder, "random", DEVICE_RANDOM, 0);
  add_device(folder, "urandom", DEVICE_RANDOM, 0);
  add_device(folder, "stdin", DEVICE_DESCRIPTOR, 0);
  add_device(folder, "stdout", DEVICE_DESCRIPTOR, 1);
  add_device(folder, "stderr", DEVICE_DESCRIPTOR, 2);
  add_folder(folder, "fd", 0555)->device = DEVICE_DESCRIPTOR;
  add_folder(folder, "shm", 01777)->writable = true;
  folder = add_folder(top, "etc", 0755);
  struct memory_node *zone = fixed(folder, "localtime", __WASI_FILETYPE_REGULAR_FILE, 0644);
  zone->bytes = (uint8_t *)utc; /* Nothing writes to it: its folder takes no changes. */
  zone->size = zone->room = sizeof utc - 1;
  add_folder(top, "root", 0700);
  add_folder(top, "tmp", 01777)->writable = true;
  return top;
}
