/* The image as a mounted file system: what descriptors.c and paths.c share.
 *
 * Both stand between libc and the host. wasm-ld's `--wrap` sends libc's WASI calls (wraps.txt lists
 * them) to the `__wrap_` functions there; a call that does not concern the image goes on to `__real_`,
 * unchanged. The functions answer with WASI error numbers, which in wasi-libc are errno's. */
#ifndef PYWASM_MOUNT_H
#define PYWASM_MOUNT_H

#include "image.h"

#include <wasi/api.h>

#define WRAP(name) __wrap___wasi_##name
#define REAL(name) __real___wasi_##name

/* Virtual descriptors start here: far above what most hosts hand out, and positive as an `int`. */
#define FIRST_VIRTUAL 0x40000000

/* st_dev of everything in the image: "pywasm" in ASCII. No host device is likely to have it. */
#define IMAGE_DEVICE 0x70797761736dull

/* What a descriptor into the image permits by itself, and what it hands on to files opened through it.
 * Writing stands in the second so that a request to write reaches us and fails with EROFS. */
#define RIGHTS_HELD                                                                                              \
  (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_FD_TELL | __WASI_RIGHTS_FD_READDIR |            \
   __WASI_RIGHTS_FD_FILESTAT_GET | __WASI_RIGHTS_PATH_FILESTAT_GET | __WASI_RIGHTS_PATH_OPEN |                   \
   __WASI_RIGHTS_PATH_READLINK | __WASI_RIGHTS_POLL_FD_READWRITE)
#define RIGHTS_HANDED_ON (~(__wasi_rights_t)0)

struct descriptor {
  uint32_t node;
  uint16_t flags;
  bool open;
  uint64_t offset;
};

/* The open descriptor of that number, or NULL. */
struct descriptor *descriptor_of(__wasi_fd_t fd);

/* Descriptors of the host below this number may be copies of others (files.h). */
extern __wasi_fd_t pywasm_redirected;

static inline bool is_virtual(__wasi_fd_t fd) { return fd >= FIRST_VIRTUAL || (fd >= 0 && fd < pywasm_redirected); }

/* Opens a descriptor for a node: 0, or EMFILE/ENOMEM. */
int descriptor_open(uint32_t node, uint16_t flags, __wasi_fd_t *opened);

/* One entry of a folder into what is left of a buffer: how many bytes that took. */
size_t put_entry(uint8_t *out, size_t room, __wasi_dircookie_t next, uint64_t inode, __wasi_filetype_t type,
                 const char *name, size_t length);

/* The bytes of an open file of the image, from an offset on. */
__wasi_errno_t descriptor_read(const struct descriptor *d, const __wasi_iovec_t *iovs, size_t iovs_len, uint64_t offset,
                               __wasi_size_t *done);

/* Whether the descriptor is one of the folders at which the image is mounted. */
bool is_mount(__wasi_fd_t fd);

void describe_node(uint32_t index, __wasi_filestat_t *out);

/* What `struct stat` lacks. */
struct stat;
void complete_stat(struct stat *out);

/* Puts the image at /pywasm, its time zones at /usr/share/zoneinfo, and a directory that shows it at / where the host
 * mounts nothing there.
 * May be called again, as after `__wasilibc_reset_preopens`. False: out of memory. */
bool mount_image(void);

#endif
