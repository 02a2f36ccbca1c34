/* Virtual descriptors: the WASI calls that take a descriptor and no path. See mount.h. */
#include "files.h"
#include "zone_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wasi/libc-find-relpath.h>
#include <wasi/libc.h>

static struct descriptor *table;
static uint32_t table_size;

struct descriptor *descriptor_of(__wasi_fd_t fd) {
  uint32_t slot = (uint32_t)fd - FIRST_VIRTUAL;
  return is_virtual(fd) && slot < table_size && table[slot].open ? &table[slot] : NULL;
}

int descriptor_open(uint32_t node, uint16_t flags, __wasi_fd_t *opened) {
  uint32_t slot = 0;
  while (slot < table_size && table[slot].open) slot++;
  if (slot == MOST_DESCRIPTORS) return EMFILE;
  if (slot == table_size) {
    uint32_t size = table_size == 0 ? 16 : table_size * 2;
    struct descriptor *grown = realloc(table, size * sizeof *table);
    if (grown == NULL) return ENOMEM;
    memset(grown + table_size, 0, (size - table_size) * sizeof *table);
    table = grown;
    table_size = size;
  }
  table[slot] = (struct descriptor){.node = node, .flags = flags, .open = true};
  *opened = (__wasi_fd_t)(FIRST_VIRTUAL + slot);
  return 0;
}

static bool is_directory(const struct descriptor *d) {
  const struct image_node *node = image_node(d->node);
  return node != NULL && node->kind == IMAGE_DIRECTORY;
}

static __wasi_filetype_t type_of(const struct image_node *node) {
  return node->kind == IMAGE_DIRECTORY ? __WASI_FILETYPE_DIRECTORY : __WASI_FILETYPE_REGULAR_FILE;
}

static uint64_t size_of(const struct descriptor *d) {
  const struct image_node *node = image_node(d->node);
  return node != NULL && node->kind == IMAGE_FILE ? node->count : 0;
}

/* The time of each file of the image: 1 January 1980, the earliest that a zip file can name. */
#define IMAGE_TIME (315532800ull * 1000000000ull)

void describe_node(uint32_t index, __wasi_filestat_t *out) {
  const struct image_node *node = image_node(index);
  *out = (__wasi_filestat_t){.dev = IMAGE_DEVICE,
                             .ino = (uint64_t)index + 1,
                             .filetype = type_of(node),
                             .nlink = 1,
                             .size = node->kind == IMAGE_FILE ? node->count : 0,
                             .atim = IMAGE_TIME,
                             .mtim = IMAGE_TIME,
                             .ctim = IMAGE_TIME};
}

/* wasi-libc's `struct stat` says nothing about permissions: add them. The host's are not known; they are the usual. */
void complete_stat(struct stat *out) {
  bool folder = S_ISDIR(out->st_mode);
  if (out->st_dev == IMAGE_DEVICE) out->st_mode |= folder ? 0555 : 0444;
  else if (out->st_dev == MEMORY_DEVICE || out->st_dev == MEMORY_DEVICE + 1) {
    out->st_mode |= described_access.mode;
    out->st_uid = described_access.user;
    out->st_gid = described_access.group;
  } else if (folder || S_ISREG(out->st_mode)) out->st_mode |= folder ? 0755 : 0644;
  if ((out->st_mode & S_IFMT) == 0) out->st_mode |= S_IFIFO;
  /* Python's files have buffers of this size. */
  out->st_blksize = S_ISCHR(out->st_mode) ? 1024 : 4096;
  out->st_blocks = S_ISREG(out->st_mode) ? (out->st_size + 4095) / 4096 * 8 : 0;
}

int __real_fstat(int fd, struct stat *out);
int __wrap_fstat(int fd, struct stat *out) {
  int result = __real_fstat(fd, out);
  if (result == 0) complete_stat(out);
  return result;
}

/* ---- reading ---- */

__wasi_errno_t descriptor_read(const struct descriptor *d, const __wasi_iovec_t *iovs, size_t iovs_len, uint64_t offset,
                               __wasi_size_t *done) {
  const struct image_node *node = image_node(d->node);
  if (node == NULL) return EIO;
  if (node->kind != IMAGE_FILE) return EISDIR;
  const uint8_t *bytes = image_bytes(node);
  if (bytes == NULL) return EIO;
  size_t total = 0;
  for (size_t i = 0; i < iovs_len && offset < node->count; i++) {
    size_t length = node->count - (size_t)offset;
    if (length > iovs[i].buf_len) length = iovs[i].buf_len;
    memcpy(iovs[i].buf, bytes + offset, length);
    offset += length;
    total += length;
  }
  *done = total;
  return 0;
}

__wasi_errno_t REAL(fd_read)(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_size_t *);
__wasi_errno_t WRAP(fd_read)(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t iovs_len, __wasi_size_t *done) {
  if (!is_virtual(fd)) return REAL(fd_read)(fd, iovs, iovs_len, done);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_read, EBADF, fd, iovs, iovs_len, done);
  __wasi_errno_t error = descriptor_read(d, iovs, iovs_len, d->offset, done);
  if (error == 0) d->offset += *done;
  return error;
}

__wasi_errno_t REAL(fd_seek)(__wasi_fd_t, __wasi_filedelta_t, __wasi_whence_t, __wasi_filesize_t *);
__wasi_errno_t WRAP(fd_seek)(__wasi_fd_t fd, __wasi_filedelta_t delta, __wasi_whence_t whence, __wasi_filesize_t *now) {
  if (whence > __WASI_WHENCE_END) return EINVAL; /* Some engines end the program for it. */
  if (!is_virtual(fd)) return REAL(fd_seek)(fd, delta, whence, now);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_seek, EBADF, fd, delta, whence, now);
  int64_t from;
  if (whence == __WASI_WHENCE_SET) from = 0;
  else if (whence == __WASI_WHENCE_CUR) from = (int64_t)d->offset;
  else if (whence == __WASI_WHENCE_END) from = (int64_t)size_of(d);
  else return EINVAL;
  int64_t to;
  if (__builtin_add_overflow(from, delta, &to)) return EOVERFLOW;
  if (to < 0) return EINVAL;
  *now = d->offset = (uint64_t)to;
  return 0;
}

__wasi_errno_t REAL(fd_tell)(__wasi_fd_t, __wasi_filesize_t *);
__wasi_errno_t WRAP(fd_tell)(__wasi_fd_t fd, __wasi_filesize_t *now) {
  if (!is_virtual(fd)) return REAL(fd_tell)(fd, now);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_seek, EBADF, fd, 0, __WASI_WHENCE_CUR, now);
  *now = d->offset;
  return 0;
}

/* One directory entry into what is left of the buffer. WASI lets the last one be cut short: a full buffer
 * tells the caller that there is more. */
size_t put_entry(uint8_t *out, size_t room, __wasi_dircookie_t next, uint64_t inode, __wasi_filetype_t type,
                 const char *name, size_t length) {
  __wasi_dirent_t entry;
  memset(&entry, 0, sizeof entry);
  entry.d_next = next;
  entry.d_ino = inode;
  entry.d_namlen = length;
  entry.d_type = type;
  size_t head = room < sizeof entry ? room : sizeof entry;
  memcpy(out, &entry, head);
  size_t rest = room - head < length ? room - head : length;
  memcpy(out + head, name, rest);
  return head + rest;
}

/* The folders that the host mounts right under `/`, as entries from cookie 3 on: their descriptors' numbers. */
static size_t put_mounts(uint8_t *out, size_t room, __wasi_dircookie_t cookie) {
  size_t full = 0;
  __wasi_prestat_t folder;
  for (__wasi_fd_t fd = cookie < FIRST_VIRTUAL ? (__wasi_fd_t)cookie : -1;
       full < room && __wasi_fd_prestat_get(fd, &folder) == 0; fd++) {
    size_t length = folder.u.dir.pr_name_len;
    char *path = malloc(length + 1), *name = path;
    if (path == NULL) break;
    if (__wasi_fd_prestat_dir_name(fd, (uint8_t *)path, length) == 0) {
      path[length] = '\0';
      while (*name == '/') name++;
      /* Inode 0: libc asks for the real one. */
      if (*name != '\0' && strchr(name, '/') == NULL)
        full += put_entry(out + full, room - full, fd + 1, 0, __WASI_FILETYPE_DIRECTORY, name, strlen(name));
    }
    free(path);
  }
  return full;
}

__wasi_errno_t REAL(fd_readdir)(__wasi_fd_t, uint8_t *, __wasi_size_t, __wasi_dircookie_t, __wasi_size_t *);
__wasi_errno_t WRAP(fd_readdir)(__wasi_fd_t fd, uint8_t *buf, __wasi_size_t size, __wasi_dircookie_t cookie,
                                __wasi_size_t *used) {
  if (!is_virtual(fd)) return REAL(fd_readdir)(fd, buf, size, cookie, used);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_readdir, EBADF, fd, buf, size, cookie, used);
  if (!is_directory(d)) return ENOTDIR;
  const struct image_node *directory = image_node(d->node);
  size_t full = 0;
  /* Cookies count entries: `.`, `..`, then the children. */
  for (; full < size && cookie < (uint64_t)directory->count + 2; cookie++) {
    uint32_t index = cookie == 0 ? d->node : cookie == 1 ? directory->parent : directory->first + (uint32_t)cookie - 2;
    const struct image_node *node = image_node(index);
    size_t length = (size_t)cookie + 1;
    const char *name = cookie == 0 ? "." : cookie == 1 ? ".." : node == NULL ? NULL : image_name(node, &length);
    if (node == NULL || name == NULL) return EIO;
    full += put_entry(buf + full, size - full, cookie + 1, (uint64_t)index + 1, type_of(node), name, length);
  }
  if (d->node == IMAGE_TOP) {
    full += put_mounts(buf + full, size - full, cookie);
    if (pywasm_part_files.list_top != NULL && full < size)
      full += pywasm_part_files.list_top(buf + full, size - full, cookie);
  }
  *used = full;
  return 0;
}

/* ---- the descriptor itself ---- */

static int mounts[] = {-1, -1, -1};

bool is_mount(__wasi_fd_t fd) { return fd == mounts[0] || fd == mounts[1] || fd == mounts[2]; }

static bool mount(int *descriptor, uint32_t node, const char *path) {
  if (*descriptor == -1 && descriptor_open(node, 0, descriptor) != 0) return false;
  return __wasilibc_register_preopened_fd(*descriptor, path) == 0;
}

bool mount_image(void) {
  if (!mount(&mounts[0], IMAGE_ROOT, "/pywasm")) return false;
  /* The zones of the artifact come before those of a host that mounts its own `/`. */
  struct image_place zones = image_follow(IMAGE_ROOT, ZONE_FILES);
  if (zones.walk == WALK_FOUND && !mount(&mounts[2], zones.node, "/usr/share/zoneinfo")) return false;
  /* Only a host folder at `/` matches the empty path. Where there is none, `/` is ours, so that the folder in
   * which every program starts exists. */
  const char *prefix, *rest;
  return __wasilibc_find_abspath("", &prefix, &rest) >= 0 || mount(&mounts[1], IMAGE_TOP, "/");
}

__wasi_errno_t REAL(fd_close)(__wasi_fd_t);
__wasi_errno_t WRAP(fd_close)(__wasi_fd_t fd) {
  if (!is_virtual(fd)) return REAL(fd_close)(fd);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_close, EBADF, fd);
  /* A mount point stays: without it every later path would fail. */
  if (is_mount(fd)) return EBADF;
  d->open = false;
  return 0;
}

__wasi_errno_t REAL(fd_fdstat_get)(__wasi_fd_t, __wasi_fdstat_t *);
__wasi_errno_t WRAP(fd_fdstat_get)(__wasi_fd_t fd, __wasi_fdstat_t *out) {
  if (!is_virtual(fd)) return REAL(fd_fdstat_get)(fd, out);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_fdstat_get, EBADF, fd, out);
  *out = (__wasi_fdstat_t){.fs_filetype = type_of(image_node(d->node)),
                           .fs_flags = d->flags,
                           .fs_rights_base = RIGHTS_HELD,
                           .fs_rights_inheriting = RIGHTS_HANDED_ON};
  return 0;
}

__wasi_errno_t REAL(fd_fdstat_set_flags)(__wasi_fd_t, __wasi_fdflags_t);
__wasi_errno_t WRAP(fd_fdstat_set_flags)(__wasi_fd_t fd, __wasi_fdflags_t flags) {
  if (!is_virtual(fd)) return REAL(fd_fdstat_set_flags)(fd, flags);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_fdstat_set_flags, EBADF, fd, flags);
  d->flags = flags;
  return 0;
}

__wasi_errno_t REAL(fd_filestat_get)(__wasi_fd_t, __wasi_filestat_t *);
__wasi_errno_t WRAP(fd_filestat_get)(__wasi_fd_t fd, __wasi_filestat_t *out) {
  if (!is_virtual(fd)) return REAL(fd_filestat_get)(fd, out);
  struct descriptor *d = descriptor_of(fd);
  if (d == NULL) return WITH_FILES(fd_filestat_get, EBADF, fd, out);
  describe_node(d->node, out);
  return 0;
}

/* ---- writing, which no descriptor into the image takes ---- */

__wasi_errno_t REAL(fd_write)(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_size_t *);
__wasi_errno_t WRAP(fd_write)(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t iovs_len, __wasi_size_t *done) {
  if (!is_virtual(fd)) return REAL(fd_write)(fd, iovs, iovs_len, done);
  return WITH_FILES(fd_write, EBADF, fd, iovs, iovs_len, done);
}

/* ---- what only a program with files of its own does ---- */

__wasi_errno_t WRAP(fd_pread)(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t iovs_len, __wasi_filesize_t offset,
                              __wasi_size_t *done) {
  return WITH_FILES(fd_pread, ENOTSUP, fd, iovs, iovs_len, offset, done);
}

__wasi_errno_t WRAP(fd_pwrite)(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t iovs_len, __wasi_filesize_t offset,
                               __wasi_size_t *done) {
  return WITH_FILES(fd_pwrite, ENOTSUP, fd, iovs, iovs_len, offset, done);
}

__wasi_errno_t WRAP(fd_allocate)(__wasi_fd_t fd, __wasi_filesize_t offset, __wasi_filesize_t len) {
  return WITH_FILES(fd_allocate, ENOTSUP, fd, offset, len);
}

__wasi_errno_t WRAP(fd_filestat_set_size)(__wasi_fd_t fd, __wasi_filesize_t size) {
  return WITH_FILES(fd_filestat_set_size, ENOTSUP, fd, size);
}

__wasi_errno_t WRAP(fd_filestat_set_times)(__wasi_fd_t fd, __wasi_timestamp_t atim, __wasi_timestamp_t mtim,
                                           __wasi_fstflags_t flags) {
  return WITH_FILES(fd_filestat_set_times, ENOTSUP, fd, atim, mtim, flags);
}

__wasi_errno_t WRAP(fd_renumber)(__wasi_fd_t fd, __wasi_fd_t to) { return WITH_FILES(fd_renumber, ENOTSUP, fd, to); }

__wasi_errno_t WRAP(fd_advise)(__wasi_fd_t fd, __wasi_filesize_t offset, __wasi_filesize_t len, __wasi_advice_t advice) {
  return WITH_FILES(fd_advise, ENOTSUP, fd, offset, len, advice);
}

__wasi_errno_t WRAP(fd_sync)(__wasi_fd_t fd) { return WITH_FILES(fd_sync, ENOTSUP, fd); }

__wasi_errno_t WRAP(fd_datasync)(__wasi_fd_t fd) { return WITH_FILES(fd_datasync, ENOTSUP, fd); }
