/* The WASI calls that take a path. See mount.h.
 *
 * A path is looked at when its directory descriptor is virtual. Where `..` leads out of /pywasm, the rest of
 * the path is looked up among all mounted folders, as an absolute path would be. */
#include "mount.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>
#include <wasi/libc-nocwd.h>

/* Where a call ends up: in the image, or at the host with this descriptor and path. */
struct target {
  bool at_host;
  __wasi_fd_t fd;
  const char *path;
  struct image_place place;
};

static struct target locate(__wasi_fd_t fd, const char *path) {
  while (is_virtual(fd)) {
    struct target target = {.at_host = false};
    struct descriptor *d = descriptor_of(fd);
    if (d == NULL) target.place = (struct image_place){.walk = WALK_ERROR, .error = EBADF};
    else target.place = image_follow(d->node, path);
    if (target.place.walk != WALK_LEFT) return target;
    bool from_top = d->node == IMAGE_TOP;
    const char *prefix;
    /* There is always a match: the host's `/`, else ours. */
    fd = __wasilibc_find_abspath(target.place.rest, &prefix, &path);
    d = descriptor_of(fd);
    if (from_top && d != NULL && d->node == IMAGE_TOP) { /* No mounted folder has it. */
      bool last = strchr(path, '/') == NULL;
      target.place = (struct image_place){.walk = last ? WALK_MISSING : WALK_ERROR, .node = IMAGE_TOP, .error = ENOENT};
      return target;
    }
  }
  return (struct target){.at_host = true, .fd = fd, .path = path};
}

/* The error of a call that needs the thing to be there: 0 where it is. */
static int absence(const struct target *target) {
  if (target->place.walk == WALK_FOUND) return 0;
  return target->place.walk == WALK_MISSING ? ENOENT : target->place.error;
}

/* The error of a call that would create the thing. */
static int cannot_create(const struct target *target) {
  if (target->place.walk == WALK_FOUND) return EEXIST;
  return target->place.walk == WALK_MISSING ? EROFS : target->place.error;
}

static bool is_directory(const struct target *target) {
  return image_node(target->place.node)->kind == IMAGE_DIRECTORY;
}

__wasi_errno_t REAL(path_open)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_oflags_t, __wasi_rights_t,
                               __wasi_rights_t, __wasi_fdflags_t, __wasi_fd_t *);
__wasi_errno_t WRAP(path_open)(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path, __wasi_oflags_t oflags,
                               __wasi_rights_t base, __wasi_rights_t inheriting, __wasi_fdflags_t flags,
                               __wasi_fd_t *opened) {
  struct target target = locate(fd, path);
  if (target.at_host) {
    if (target.fd != fd) { /* These rights are the image's: ask for no more than that folder has. */
      __wasi_fdstat_t folder;
      __wasi_errno_t error = __wasi_fd_fdstat_get(target.fd, &folder);
      if (error != 0) return error;
      base &= folder.fs_rights_inheriting;
      inheriting &= folder.fs_rights_inheriting;
    }
    return REAL(path_open)(target.fd, lookup, target.path, oflags, base, inheriting, flags, opened);
  }
  bool create = (oflags & __WASI_OFLAGS_CREAT) != 0;
  if (target.place.walk != WALK_FOUND) return create ? cannot_create(&target) : absence(&target);
  if (create && (oflags & __WASI_OFLAGS_EXCL) != 0) return EEXIST;
  bool write = (base & __WASI_RIGHTS_FD_WRITE) != 0 || (oflags & __WASI_OFLAGS_TRUNC) != 0;
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
  struct target target = locate(fd, path);
  if (target.at_host) return REAL(path_filestat_get)(target.fd, lookup, target.path, out);
  int error = absence(&target);
  if (error == 0) describe_node(target.place.node, out);
  return error;
}

/* wasi-libc's `struct stat` says nothing about permissions: add the image's. */
int __real___wasilibc_nocwd_fstatat(int fd, const char *path, struct stat *out, int flags);
int __wrap___wasilibc_nocwd_fstatat(int fd, const char *path, struct stat *out, int flags) {
  int result = __real___wasilibc_nocwd_fstatat(fd, path, out, flags);
  if (result == 0 && out->st_dev == IMAGE_DEVICE) out->st_mode |= S_ISDIR(out->st_mode) ? 0555 : 0444;
  return result;
}

/* libc would conclude from a descriptor's rights, which cannot say "read-only". */
int __real___wasilibc_nocwd_faccessat(int fd, const char *path, int mode, int flags);
int __wrap___wasilibc_nocwd_faccessat(int fd, const char *path, int mode, int flags) {
  struct target target = locate(fd, path);
  if (target.at_host) return __real___wasilibc_nocwd_faccessat(target.fd, target.path, mode, flags);
  int error = absence(&target);
  if (error == 0 && (mode & W_OK) != 0) error = EROFS;
  if (error == 0 && (mode & X_OK) != 0 && !is_directory(&target)) error = EACCES;
  if (error == 0) return 0;
  errno = error;
  return -1;
}

__wasi_errno_t REAL(path_readlink)(__wasi_fd_t, const char *, uint8_t *, __wasi_size_t, __wasi_size_t *);
__wasi_errno_t WRAP(path_readlink)(__wasi_fd_t fd, const char *path, uint8_t *buf, __wasi_size_t size,
                                   __wasi_size_t *used) {
  struct target target = locate(fd, path);
  if (target.at_host) return REAL(path_readlink)(target.fd, target.path, buf, size, used);
  int error = absence(&target);
  return error != 0 ? error : EINVAL; /* The image has no symbolic links. */
}

/* ---- changes, none of which the image takes ---- */

__wasi_errno_t REAL(path_create_directory)(__wasi_fd_t, const char *);
__wasi_errno_t WRAP(path_create_directory)(__wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path);
  return target.at_host ? REAL(path_create_directory)(target.fd, target.path) : cannot_create(&target);
}

__wasi_errno_t REAL(path_symlink)(const char *, __wasi_fd_t, const char *);
__wasi_errno_t WRAP(path_symlink)(const char *old_path, __wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path);
  return target.at_host ? REAL(path_symlink)(old_path, target.fd, target.path) : cannot_create(&target);
}

__wasi_errno_t REAL(path_filestat_set_times)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_timestamp_t,
                                             __wasi_timestamp_t, __wasi_fstflags_t);
__wasi_errno_t WRAP(path_filestat_set_times)(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path,
                                             __wasi_timestamp_t atim, __wasi_timestamp_t mtim, __wasi_fstflags_t flags) {
  struct target target = locate(fd, path);
  if (target.at_host) return REAL(path_filestat_set_times)(target.fd, lookup, target.path, atim, mtim, flags);
  int error = absence(&target);
  return error != 0 ? error : EROFS;
}

__wasi_errno_t REAL(path_unlink_file)(__wasi_fd_t, const char *);
__wasi_errno_t WRAP(path_unlink_file)(__wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path);
  if (target.at_host) return REAL(path_unlink_file)(target.fd, target.path);
  int error = absence(&target);
  if (error != 0) return error;
  return is_directory(&target) ? EISDIR : EROFS;
}

__wasi_errno_t REAL(path_remove_directory)(__wasi_fd_t, const char *);
__wasi_errno_t WRAP(path_remove_directory)(__wasi_fd_t fd, const char *path) {
  struct target target = locate(fd, path);
  if (target.at_host) return REAL(path_remove_directory)(target.fd, target.path);
  int error = absence(&target);
  if (error != 0) return error;
  return is_directory(&target) ? EROFS : ENOTDIR;
}

__wasi_errno_t REAL(path_rename)(__wasi_fd_t, const char *, __wasi_fd_t, const char *);
__wasi_errno_t WRAP(path_rename)(__wasi_fd_t old_fd, const char *old_path, __wasi_fd_t fd, const char *path) {
  struct target from = locate(old_fd, old_path), to = locate(fd, path);
  if (from.at_host && to.at_host) return REAL(path_rename)(from.fd, from.path, to.fd, to.path);
  if (from.at_host) return EXDEV;
  int error = absence(&from);
  if (error != 0) return error;
  return to.at_host ? EXDEV : EROFS;
}

__wasi_errno_t REAL(path_link)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_fd_t, const char *);
__wasi_errno_t WRAP(path_link)(__wasi_fd_t old_fd, __wasi_lookupflags_t lookup, const char *old_path, __wasi_fd_t fd,
                               const char *path) {
  struct target from = locate(old_fd, old_path), to = locate(fd, path);
  if (from.at_host && to.at_host) return REAL(path_link)(from.fd, lookup, from.path, to.fd, to.path);
  if (from.at_host) return EXDEV;
  int error = absence(&from);
  if (error != 0) return error;
  return to.at_host ? EXDEV : cannot_create(&to);
}
