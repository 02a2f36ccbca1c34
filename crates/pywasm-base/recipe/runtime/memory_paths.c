/* The calls that take a path, where it does not end at the host: files in memory, and what the image refuses. */
#include "files.h"
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>
#include <wasi/libc.h>

#define MOST_LINKS 40

__wasi_errno_t REAL(path_readlink)(__wasi_fd_t, const char *, uint8_t *, __wasi_size_t, __wasi_size_t *);
__wasi_errno_t REAL(path_create_directory)(__wasi_fd_t, const char *);
__wasi_errno_t REAL(path_symlink)(const char *, __wasi_fd_t, const char *);
__wasi_errno_t REAL(path_filestat_set_times)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_timestamp_t,
                                             __wasi_timestamp_t, __wasi_fstflags_t);
__wasi_errno_t REAL(path_unlink_file)(__wasi_fd_t, const char *);
__wasi_errno_t REAL(path_remove_directory)(__wasi_fd_t, const char *);
__wasi_errno_t REAL(path_rename)(__wasi_fd_t, const char *, __wasi_fd_t, const char *);
__wasi_errno_t REAL(path_link)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_fd_t, const char *);


/* ---- the way ---- */

/* A path that begins with a link's target; it lives until the next one is made. */
static char *expanded;

static const char *expand(const struct memory_node *link, const char *rest) {
  size_t length = strlen(rest);
  char *path = malloc(link->size + length + 2);
  if (path == NULL) return NULL;
  memcpy(path, link->bytes, link->size);
  path[link->size] = '/';
  memcpy(path + link->size + 1, rest, length + 1);
  if (length == 0) path[link->size] = '\0';
  free(expanded);
  return expanded = path;
}

/* A name below /dev/fd: a device for each open descriptor. */
static struct memory_node *find_descriptor(const char *name, size_t length) {
  static struct memory_node *nodes[3];
  int number = 0;
  if (length == 0 || length > 10) return NULL;
  for (size_t i = 0; i < length; i++) {
    if (name[i] < '0' || name[i] > '9') return NULL;
    number = number * 10 + (name[i] - '0');
  }
  if (!memory_is_open(number)) return NULL;
  struct memory_node **node = &nodes[number < 2 ? number : 2];
  if (*node == NULL) *node = calloc(1, sizeof **node);
  if (*node == NULL) return NULL;
  **node = (struct memory_node){.kind = __WASI_FILETYPE_CHARACTER_DEVICE,
                                .device = DEVICE_DESCRIPTOR,
                                .fixed = true,
                                .access.mode = 0666,
                                .links = 1,
                                .inode = (uint64_t)1 << 32 | (uint32_t)number,
                                .number = number};
  return *node;
}

static enum memory_walk fail(struct memory_place *place, int error) {
  *place = (struct memory_place){.error = error};
  return MEMORY_HERE;
}

enum memory_walk memory_follow(__wasi_fd_t *fd, const char **path, bool last, struct memory_place *place) {
  struct memory_node *top = memory_top(), *here = top;
  if (descriptor_of(*fd) == NULL) {
    if (memory_host_of(*fd, fd)) return MEMORY_HOST;
    here = memory_node_of(*fd);
    if (here == NULL) return fail(place, EBADF);
  }
  const char *at = *path;
  if (*at == '\0') return fail(place, ENOENT);
  for (int links = 0; true;) {
    if (here->kind != __WASI_FILETYPE_DIRECTORY) return fail(place, ENOTDIR);
    while (*at == '/') at++;
    if (*at == '\0') {
      *place = (struct memory_place){.node = here, .folder = here->parent, .slash = true};
      return MEMORY_HERE;
    }
    size_t length = strcspn(at, "/");
    const char *rest = at + length;
    if (length > 255) return fail(place, ENAMETOOLONG);
    if (length == 1 && at[0] == '.') {
      at = rest;
      continue;
    }
    if (length == 2 && at[0] == '.' && at[1] == '.') {
      here = here->parent;
      at = rest;
      if (here != top) continue;
      while (*at == '/') at++;
      *path = at;
      return MEMORY_LEFT;
    }
    const char *more = rest;
    while (*more == '/') more++;
    struct memory_entry *entry = memory_find(here, at, length);
    struct memory_node *node = entry != NULL ? entry->node : NULL;
    if (node == NULL && here->device == DEVICE_DESCRIPTOR) node = find_descriptor(at, length);
    if (node == NULL && *more != '\0') return fail(place, ENOENT);
    if (node != NULL && node->kind == __WASI_FILETYPE_SYMBOLIC_LINK && (*rest != '\0' || last)) {
      if (++links > MOST_LINKS) return fail(place, ELOOP);
      at = expand(node, more);
      if (at == NULL) return fail(place, ENOMEM);
      if (*at == '\0') return fail(place, ENOENT);
      if (*at != '/') continue;
      *path = at;
      return MEMORY_LEFT;
    }
    if (node == NULL || *more == '\0') {
      if (node != NULL && *rest != '\0' && node->kind != __WASI_FILETYPE_DIRECTORY) return fail(place, ENOTDIR);
      *place = (struct memory_place){.node = node, .folder = here, .length = length, .slash = *rest != '\0'};
      place->name = entry != NULL ? entry->name : at;
      return MEMORY_HERE;
    }
    here = node;
    at = rest;
  }
}

/* ---- the top ---- */

#define FIRST_COOKIE ((__wasi_dircookie_t)1 << 32)

size_t memory_list_top(uint8_t *out, size_t room, __wasi_dircookie_t cookie) {
  struct memory_node *top = memory_top();
  size_t full = 0;
  for (size_t i = 0; i < top->size && full < room; i++) {
    struct memory_entry *entry = top->entries[i];
    const char *prefix, *rest;
    if (FIRST_COOKIE + i < cookie) continue;
    /* What the host has mounted there was listed before. */
    if (__wasilibc_find_abspath(entry->name, &prefix, &rest) >= 0 && *prefix != '\0') continue;
    full += put_entry(out + full, room - full, FIRST_COOKIE + i + 1, entry->node->inode, entry->node->kind, entry->name,
                      entry->length);
  }
  return full;
}

/* Where the host mounts `/`, it may have no such folders: then ours are there. */
bool memory_mount(void) {
  const char *prefix, *rest;
  __wasi_fd_t host = __wasilibc_find_abspath("", &prefix, &rest);
  if (is_virtual(host)) return true;
  struct memory_node *top = memory_top();
  for (size_t i = 0; i < top->size; i++) {
    const struct memory_entry *entry = top->entries[i];
    __wasi_filestat_t found;
    __wasi_fd_t fd;
    int folder = __wasilibc_find_abspath(entry->name, &prefix, &rest);
    if (folder < 0 || *prefix != '\0' || __wasi_path_filestat_get(folder, 1, rest, &found) != ENOENT) continue;
    char path[16] = "/";
    memcpy(path + 1, entry->name, entry->length + 1);
    if (memory_open(entry->node, true, false, 0, &fd) != 0 || __wasilibc_register_preopened_fd(fd, path) != 0)
      return false;
  }
  return true;
}

/* ---- questions ---- */

static int absence(const struct target *target) {
  if (target->in_memory) return target->memory.error != 0 ? target->memory.error : target->memory.node == NULL ? ENOENT : 0;
  if (target->place.walk == WALK_FOUND) return 0;
  return target->place.walk == WALK_MISSING ? ENOENT : target->place.error;
}

/* The error of a call that would make the thing. */
static int refusal(const struct target *target) {
  if (target->in_memory) {
    const struct memory_place *place = &target->memory;
    if (place->error != 0) return place->error;
    if (place->node != NULL) return EEXIST;
    if (!place->folder->writable) return EROFS;
    /* A folder that was removed while somebody is in it. */
    return place->folder->links == 0 ? ENOENT : 0;
  }
  if (target->place.walk == WALK_FOUND) return EEXIST;
  return target->place.walk == WALK_MISSING ? EROFS : target->place.error;
}

/* The error of a call that would change the thing. */
static int fixity(const struct target *target) {
  int error = absence(target);
  if (error != 0) return error;
  return target->in_memory && target->memory.node->writable ? 0 : EROFS;
}

static bool is_folder(const struct target *target) {
  if (target->in_memory) return target->memory.node->kind == __WASI_FILETYPE_DIRECTORY;
  return image_node(target->place.node)->kind == IMAGE_DIRECTORY;
}

__wasi_errno_t memory_stat(struct target *target, __wasi_filestat_t *out) {
  int error = absence(target);
  if (error != 0) return error;
  struct memory_node *node = target->memory.node;
  if (node->device == DEVICE_DESCRIPTOR && node->kind == __WASI_FILETYPE_CHARACTER_DEVICE)
    return __wasi_fd_filestat_get(node->number, out);
  memory_describe(node, out);
  return 0;
}

__wasi_errno_t memory_readlink(__wasi_fd_t fd, const char *path, uint8_t *buffer, __wasi_size_t size,
                               __wasi_size_t *length) {
  struct target target = locate(fd, path, false);
  if (target.at_host) return REAL(path_readlink)(target.fd, target.path, buffer, size, length);
  int error = absence(&target);
  if (error != 0) return error;
  const struct memory_node *node = target.memory.node;
  if (!target.in_memory || node->kind != __WASI_FILETYPE_SYMBOLIC_LINK) return EINVAL;
  *length = node->size < size ? node->size : size;
  memcpy(buffer, node->bytes, *length);
  return 0;
}

int memory_access(struct target *target, int mode) {
  int error = absence(target);
  if (error != 0) return error;
  const struct memory_node *node = target->memory.node;
  bool folder = node->kind == __WASI_FILETYPE_DIRECTORY, device = node->kind == __WASI_FILETYPE_CHARACTER_DEVICE;
  if ((mode & W_OK) != 0 && !node->writable && !device) return EROFS;
  return (mode & X_OK) != 0 && !folder && (node->access.mode & 0111) == 0 ? EACCES : 0;
}

/* ---- changes ---- */

static void touch(struct memory_node *folder) { folder->modified = folder->changed = memory_now(); }

/* A new node by the name that the target lacks. */
static __wasi_errno_t add(struct target *target, struct memory_node *node) {
  if (node == NULL) return ENOMEM;
  struct memory_place *place = &target->memory;
  node->writable = true;
  int error = memory_add(place->folder, place->name, place->length, node);
  if (error != 0) memory_release(node);
  else touch(place->folder);
  if (error == 0) place->node = node;
  return error;
}

static int mode_or(int otherwise) {
  int mode = pywasm_mode;
  pywasm_mode = -1;
  return mode < 0 ? otherwise : mode & 07777;
}

__wasi_errno_t memory_path_open(struct target *target, __wasi_oflags_t oflags, __wasi_rights_t rights,
                                __wasi_fdflags_t flags, __wasi_fd_t *opened) {
  struct memory_place *place = &target->memory;
  int mode = mode_or(0666);
  if (place->error != 0) return place->error;
  bool create = (oflags & __WASI_OFLAGS_CREAT) != 0, cut = (oflags & __WASI_OFLAGS_TRUNC) != 0;
  bool readable = (rights & __WASI_RIGHTS_FD_READ) != 0, writable = (rights & __WASI_RIGHTS_FD_WRITE) != 0;
  if (place->node == NULL) {
    if (!create) return ENOENT;
    if (place->slash) return EISDIR;
    int error = refusal(target);
    if (error == 0) error = add(target, memory_make(__WASI_FILETYPE_REGULAR_FILE, mode));
    if (error != 0) return error;
  } else if (create && (oflags & __WASI_OFLAGS_EXCL) != 0) {
    return EEXIST;
  }
  struct memory_node *node = place->node;
  if (node->device == DEVICE_DESCRIPTOR && node->kind == __WASI_FILETYPE_CHARACTER_DEVICE) {
    /* As on Linux, a file is opened anew, with a position of its own; of all else there is a copy. */
    struct memory_node *file = memory_node_of(node->number);
    if (file != NULL && file->kind == __WASI_FILETYPE_REGULAR_FILE) node = file;
  }
  switch (node->kind) {
    case __WASI_FILETYPE_SYMBOLIC_LINK:
      return ELOOP;
    case __WASI_FILETYPE_DIRECTORY:
      if (create || writable || cut) return EISDIR;
      break;
    case __WASI_FILETYPE_REGULAR_FILE:
      if ((oflags & __WASI_OFLAGS_DIRECTORY) != 0) return ENOTDIR;
      if ((writable || cut) && !node->writable) return EROFS;
      if (cut && node->size > 0) {
        int error = memory_resize(node, 0);
        if (error != 0) return error;
        touch(node);
      }
      break;
    case __WASI_FILETYPE_SOCKET_STREAM:
      return ENXIO;
    default:
      if ((oflags & __WASI_OFLAGS_DIRECTORY) != 0) return ENOTDIR;
      if (node->device == DEVICE_DESCRIPTOR) return memory_duplicate(node->number, opened);
  }
  return memory_open(node, readable, writable, flags, opened);
}

__wasi_errno_t memory_make_folder(__wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path, false);
  int mode = mode_or(0777);
  if (target.at_host) return REAL(path_create_directory)(target.fd, target.path);
  int error = refusal(&target);
  return error != 0 ? error : add(&target, memory_make(__WASI_FILETYPE_DIRECTORY, mode));
}

__wasi_errno_t memory_symlink(const char *to, __wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path, false);
  if (target.at_host) return REAL(path_symlink)(to, target.fd, target.path);
  int error = refusal(&target);
  if (error != 0) return error;
  if (*to == '\0' || target.memory.slash) return ENOENT;
  struct memory_node *node = memory_make(__WASI_FILETYPE_SYMBOLIC_LINK, 0777);
  if (node == NULL) return ENOMEM;
  error = memory_resize(node, strlen(to));
  if (error == 0) memcpy(node->bytes, to, strlen(to));
  if (error == 0) return add(&target, node);
  memory_release(node);
  return error;
}

__wasi_errno_t memory_set_times(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path,
                                __wasi_timestamp_t accessed, __wasi_timestamp_t modified, __wasi_fstflags_t flags) {
  struct target target = locate_for(fd, path, lookup);
  if (target.at_host) return REAL(path_filestat_set_times)(target.fd, lookup, target.path, accessed, modified, flags);
  int error = fixity(&target);
  return error != 0 ? error : memory_set_node_times(target.memory.node, accessed, modified, flags);
}

__wasi_errno_t memory_set_node_times(struct memory_node *node, __wasi_timestamp_t accessed, __wasi_timestamp_t modified,
                                     __wasi_fstflags_t flags) {
  node->changed = memory_now();
  if ((flags & __WASI_FSTFLAGS_ATIM) != 0) node->accessed = accessed;
  if ((flags & __WASI_FSTFLAGS_ATIM_NOW) != 0) node->accessed = node->changed;
  if ((flags & __WASI_FSTFLAGS_MTIM) != 0) node->modified = modified;
  if ((flags & __WASI_FSTFLAGS_MTIM_NOW) != 0) node->modified = node->changed;
  return 0;
}

/* The entry that a call takes away: the folder has to take changes, not what is there. */
static int find_entry(const struct target *target, struct memory_entry **entry) {
  int error = absence(target);
  if (error != 0) return error;
  const struct memory_place *place = &target->memory;
  if (!target->in_memory) return EROFS;
  if (place->name == NULL) return place->node->fixed ? EBUSY : EINVAL; /* `folder/.`, or a folder that is open */
  if (!place->folder->writable) return place->node->fixed && place->node->writable ? EBUSY : EROFS;
  *entry = memory_find(place->folder, place->name, place->length);
  return *entry == NULL ? ENOENT : 0;
}

static void take_away(struct target *target, struct memory_entry *entry) {
  touch(target->memory.folder);
  memory_remove(target->memory.folder, entry);
}

__wasi_errno_t memory_unlink(__wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path, false);
  if (target.at_host) return REAL(path_unlink_file)(target.fd, target.path);
  struct memory_entry *entry;
  int error = absence(&target);
  if (error != 0) return error;
  if (is_folder(&target)) return EISDIR;
  error = find_entry(&target, &entry);
  if (error == 0) take_away(&target, entry);
  return error;
}

__wasi_errno_t memory_remove_folder(__wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path, false);
  if (target.at_host) return REAL(path_remove_directory)(target.fd, target.path);
  struct memory_entry *entry;
  int error = absence(&target);
  if (error != 0) return error;
  if (!is_folder(&target)) return ENOTDIR;
  error = find_entry(&target, &entry);
  if (error != 0) return error;
  if (target.memory.node->size > 0) return ENOTEMPTY;
  take_away(&target, entry);
  return 0;
}

static bool lies_in(const struct memory_node *node, const struct memory_node *folder) {
  for (; node != node->parent; node = node->parent)
    if (node == folder) return true;
  return false;
}

/* The error of a move onto what is there. */
static int cannot_replace(const struct target *from, const struct target *to) {
  if (is_folder(from)) {
    if (!is_folder(to)) return ENOTDIR;
    return to->memory.node->size > 0 ? ENOTEMPTY : 0;
  }
  return is_folder(to) ? EISDIR : 0;
}

static __wasi_errno_t move(struct target *from, struct target *to) {
  if (from->at_host) return EXDEV;
  int error = absence(from);
  if (error != 0) return error;
  if (to->at_host || from->in_memory != to->in_memory) return to->at_host || absence(to) != ENOENT ? EXDEV : EROFS;
  struct memory_entry *old, *target;
  error = find_entry(from, &old);
  if (error != 0) return error;
  error = to->memory.error;
  if (error != 0) return error;
  struct memory_place *place = &to->memory;
  if (!place->folder->writable) return EXDEV;
  if (from->memory.node == place->node) return 0;
  if (is_folder(from) && lies_in(place->folder, from->memory.node)) return EINVAL;
  if (place->node != NULL) {
    error = cannot_replace(from, to);
      if (error == 0) error = find_entry(to, &target);
    if (error != 0) return error;
    take_away(to, target);
  } else if (place->slash && !is_folder(from)) {
    return ENOTDIR;
  }
  struct memory_node *node = from->memory.node;
  error = memory_add(place->folder, place->name, place->length, node);
  if (error != 0) return error;
  touch(place->folder);
  struct memory_node *parent = place->folder;
  take_away(from, old);
  if (node->kind == __WASI_FILETYPE_DIRECTORY) node->parent = parent;
  return 0;
}

__wasi_errno_t memory_rename(__wasi_fd_t old_fd, const char *old_path, __wasi_fd_t fd, const char *path) {
  struct target from = locate(old_fd, old_path, false), to = locate(fd, path, false);
  if (from.at_host && to.at_host) return REAL(path_rename)(from.fd, from.path, to.fd, to.path);
  return move(&from, &to);
}

static __wasi_errno_t add_name(struct target *from, struct target *to) {
  if (from->at_host) return EXDEV;
  int error = absence(from);
  if (error == 0 && to->at_host) error = EXDEV;
  if (error == 0) error = refusal(to);
  if (error != 0) return error;
  if (from->in_memory != to->in_memory) return EXDEV;
  if (is_folder(from)) return EPERM;
  struct memory_node *node = from->memory.node;
  if (!node->writable) return EROFS;
  node->changed = memory_now();
  touch(to->memory.folder);
  return memory_add(to->memory.folder, to->memory.name, to->memory.length, node);
}

__wasi_errno_t memory_link(__wasi_fd_t old_fd, __wasi_lookupflags_t lookup, const char *old_path, __wasi_fd_t fd,
                           const char *path) {
  struct target from = locate_for(old_fd, old_path, lookup), to = locate(fd, path, false);
  if (from.at_host && to.at_host) return REAL(path_link)(from.fd, lookup, from.path, to.fd, to.path);
  return add_name(&from, &to);
}
