/* The WASI calls that take a path. See mount.h and files.h.
 *
 * A path is looked at when its directory descriptor is virtual. Where `..` leads out of /pywasm, the rest of
 * the path is looked up among all mounted folders, as an absolute path would be. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>
#include <wasi/libc-nocwd.h>

static struct target at_host(__wasi_fd_t fd, const char *path) {
  return (struct target){.at_host = true, .fd = fd, .path = path};
}

static struct target at_place(enum image_walk walk, int error) {
  return (struct target){.place = {.walk = walk, .node = IMAGE_TOP, .error = error}};
}

void (*pywasm_path_watch)(const char *path, const struct target *target, bool look) = NULL;

static void watch(const char *path, const struct target *target, bool look) {
  if (path != NULL && pywasm_path_watch != NULL) pywasm_path_watch(path, target, look);
}

/* A path that memory follows may lie in a buffer that the next link takes. */
static char *watched_copy(const char *path) { return pywasm_path_watch == NULL ? NULL : strdup(path); }

static struct target find(__wasi_fd_t fd, const char *path, bool last, bool look) {
  const char *prefix;
  for (int links = 0; is_virtual(fd); links++) {
    if (links > 40) return at_place(WALK_ERROR, ELOOP);
    struct descriptor *d = descriptor_of(fd);
    bool from_top = d != NULL && d->node == IMAGE_TOP, elsewhere = d == NULL;
    if (d != NULL) {
      struct target target = {.place = image_follow(d->node, path)};
      if (target.place.walk == WALK_FOUND && target.place.node == IMAGE_TOP) watch("", &target, look);
      if (target.place.walk != WALK_LEFT) return target;
      /* There is always a match: the host's `/`, else ours. */
      fd = __wasilibc_find_abspath(target.place.rest, &prefix, &path);
      d = descriptor_of(fd);
      elsewhere = from_top && d != NULL && d->node == IMAGE_TOP; /* No mounted folder has it. */
    }
    if (!elsewhere) continue;
    if (pywasm_part_files.follow == NULL) {
      if (d == NULL) return at_place(WALK_ERROR, EBADF);
      struct target target = at_place(strchr(path, '/') == NULL ? WALK_MISSING : WALK_ERROR, ENOENT);
      watch(path, &target, look);
      return target;
    }
    /* Below a folder in memory that is open, all is said: its opening was heard. */
    char *watched = d == NULL ? NULL : watched_copy(path);
    struct target target = {.in_memory = true};
    enum memory_walk walk = pywasm_part_files.follow(&fd, &path, last, &target.memory);
    watch(watched, walk == MEMORY_HERE ? &target : NULL, look);
    free(watched);
    if (walk == MEMORY_HERE) return target;
    if (walk == MEMORY_HOST) break;
    fd = __wasilibc_find_abspath(path, &prefix, &path);
  }
  return at_host(fd, path);
}

struct target locate(__wasi_fd_t fd, const char *path, bool last) { return find(fd, path, last, false); }

static bool follows(__wasi_lookupflags_t lookup) { return (lookup & __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW) != 0; }

struct target locate_for(__wasi_fd_t fd, const char *path, __wasi_lookupflags_t lookup) {
  return find(fd, path, follows(lookup), false);
}

/* The error of a call that needs the thing to be there: 0 where it is. */
static int absence(const struct target *target) {
  if (target->place.walk == WALK_FOUND) return 0;
  return target->place.walk == WALK_MISSING ? ENOENT : target->place.error;
}

static bool is_directory(const struct target *target) {
  return image_node(target->place.node)->kind == IMAGE_DIRECTORY;
}

__wasi_errno_t REAL(path_open)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_oflags_t, __wasi_rights_t,
                               __wasi_rights_t, __wasi_fdflags_t, __wasi_fd_t *);
__wasi_errno_t REAL(fd_close)(__wasi_fd_t);

/* A host that gives out random numbers (WasmEdge) may choose one of ours: then it chooses again. What the first attempt
 * has created or cut stands. */
static __wasi_errno_t open_at_host(const struct target *target, __wasi_lookupflags_t lookup, __wasi_oflags_t oflags,
                                   __wasi_rights_t base, __wasi_rights_t inheriting, __wasi_fdflags_t flags,
                                   __wasi_fd_t *opened) {
  for (int attempts = 0; attempts < 1000; attempts++) {
    __wasi_errno_t error =
        REAL(path_open)(target->fd, lookup, target->path, oflags, base, inheriting, flags, opened);
    if (error != 0 || *opened < FIRST_VIRTUAL) return error;
    (void)REAL(fd_close)(*opened);
    oflags &= (__wasi_oflags_t)~(__WASI_OFLAGS_EXCL | __WASI_OFLAGS_TRUNC);
  }
  return EMFILE;
}

__wasi_errno_t WRAP(path_open)(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path, __wasi_oflags_t oflags,
                               __wasi_rights_t base, __wasi_rights_t inheriting, __wasi_fdflags_t flags,
                               __wasi_fd_t *opened) {
  bool create = (oflags & __WASI_OFLAGS_CREAT) != 0;
  bool write = (base & __WASI_RIGHTS_FD_WRITE) != 0 || (oflags & __WASI_OFLAGS_TRUNC) != 0;
  struct target target = find(fd, path, follows(lookup), !create && !write);
  /* Who opens the top folder can list what is mounted in it. */
  if (!target.at_host && target.place.walk == WALK_FOUND && target.place.node == IMAGE_TOP) watch("", &target, false);
  if (target.at_host) {
    if (target.fd != fd) { /* These rights are the image's: ask for no more than that folder has. */
      __wasi_fdstat_t folder;
      __wasi_errno_t error = __wasi_fd_fdstat_get(target.fd, &folder);
      if (error != 0) return error;
      base &= folder.fs_rights_inheriting;
      inheriting &= folder.fs_rights_inheriting;
    }
    return open_at_host(&target, lookup, oflags, base, inheriting, flags, opened);
  }
  if (target.in_memory) return pywasm_part_files.open(&target, oflags, base, flags, opened);
  if (target.place.walk != WALK_FOUND) return create && target.place.walk == WALK_MISSING ? EROFS : absence(&target);
  if (create && (oflags & __WASI_OFLAGS_EXCL) != 0) return EEXIST;
  if (is_directory(&target)) {
    if (create || write) return EISDIR;
  } else {
    if ((oflags & __WASI_OFLAGS_DIRECTORY) != 0) return ENOTDIR;
    if (write) return EROFS;
  }
  return descriptor_open(target.place.node, flags, opened);
}

__wasi_errno_t REAL(path_filestat_get)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_filestat_t *);
__wasi_errno_t WRAP(path_filestat_get)(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path,
                                       __wasi_filestat_t *out) {
  struct target target = find(fd, path, follows(lookup), true);
  if (target.at_host) return REAL(path_filestat_get)(target.fd, lookup, target.path, out);
  if (target.in_memory) return pywasm_part_files.stat(&target, out);
  int error = absence(&target);
  if (error == 0) describe_node(target.place.node, out);
  return error;
}

int __real___wasilibc_nocwd_fstatat(int fd, const char *path, struct stat *out, int flags);
int __wrap___wasilibc_nocwd_fstatat(int fd, const char *path, struct stat *out, int flags) {
  int result = __real___wasilibc_nocwd_fstatat(fd, path, out, flags);
  if (result == 0) complete_stat(out);
  return result;
}

/* libc would conclude from a descriptor's rights, which cannot say "read-only". */
int __real___wasilibc_nocwd_faccessat(int fd, const char *path, int mode, int flags);
int __wrap___wasilibc_nocwd_faccessat(int fd, const char *path, int mode, int flags) {
  struct target target = find(fd, path, true, true);
  if (target.at_host) return __real___wasilibc_nocwd_faccessat(target.fd, target.path, mode, flags);
  int error = target.in_memory ? pywasm_part_files.access(&target, mode) : absence(&target);
  if (error == 0 && !target.in_memory && (mode & W_OK) != 0) error = EROFS;
  if (error == 0 && !target.in_memory && (mode & X_OK) != 0 && !is_directory(&target)) error = EACCES;
  if (error == 0) return 0;
  errno = error;
  return -1;
}

__wasi_errno_t WRAP(path_readlink)(__wasi_fd_t fd, const char *path, uint8_t *buf, __wasi_size_t size,
                                   __wasi_size_t *used) {
  return WITH_FILES(readlink, EINVAL, fd, path, buf, size, used);
}

/* ---- changes, which only a program with files of its own makes ---- */

__wasi_errno_t WRAP(path_create_directory)(__wasi_fd_t fd, const char *path) {
  return WITH_FILES(make_folder, ENOTSUP, fd, path);
}

__wasi_errno_t WRAP(path_symlink)(const char *to, __wasi_fd_t fd, const char *path) {
  return WITH_FILES(symlink, ENOTSUP, to, fd, path);
}

__wasi_errno_t WRAP(path_filestat_set_times)(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path,
                                             __wasi_timestamp_t atim, __wasi_timestamp_t mtim, __wasi_fstflags_t flags) {
  return WITH_FILES(set_times, ENOTSUP, fd, lookup, path, atim, mtim, flags);
}

__wasi_errno_t WRAP(path_unlink_file)(__wasi_fd_t fd, const char *path) {
  return WITH_FILES(unlink, ENOTSUP, fd, path);
}

__wasi_errno_t WRAP(path_remove_directory)(__wasi_fd_t fd, const char *path) {
  return WITH_FILES(remove_folder, ENOTSUP, fd, path);
}

__wasi_errno_t WRAP(path_rename)(__wasi_fd_t old_fd, const char *old_path, __wasi_fd_t fd, const char *path) {
  return WITH_FILES(rename, ENOTSUP, old_fd, old_path, fd, path);
}

__wasi_errno_t WRAP(path_link)(__wasi_fd_t old_fd, __wasi_lookupflags_t lookup, const char *old_path, __wasi_fd_t fd,
                               const char *path) {
  return WITH_FILES(link, ENOTSUP, old_fd, lookup, old_path, fd, path);
}

/* ---- permissions of what is made, which WASI has no place for ---- */

int __real_open(const char *, int, ...);
int __wrap_open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  if ((flags & O_CREAT) != 0) pywasm_mode = va_arg(more, int);
  va_end(more);
  /* On Linux, reading is what is meant where nothing is said. */
  if ((flags & (O_RDWR | O_EXEC | O_SEARCH)) == 0) flags |= O_RDONLY;
  int fd = __real_open(path, flags, pywasm_mode);
  pywasm_mode = -1;
  return fd;
}

/* libc takes an empty path for the current folder. */
DIR *__real_opendir(const char *);
DIR *__wrap_opendir(const char *path) {
  if (*path != '\0') return __real_opendir(path);
  errno = ENOENT;
  return NULL;
}

int __real_mkdir(const char *, mode_t);
int __wrap_mkdir(const char *path, mode_t mode) {
  pywasm_mode = (int)mode;
  int result = __real_mkdir(path, mode);
  pywasm_mode = -1;
  return result;
}
