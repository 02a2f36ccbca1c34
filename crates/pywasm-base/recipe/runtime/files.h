/* The files that an artifact makes itself: /tmp in memory, devices, pipes, copies of descriptors.
 *
 * descriptors.c and paths.c send here what is neither the host's nor the image's, through one table. A program that
 * opens no file and knows no `os` does without: the build cuts the table (docs/internals/stages/shake.md), and what
 * memory_*.c holds leaves. */
#ifndef PYWASM_FILES_H
#define PYWASM_FILES_H

#include "mount.h"

#include <sys/types.h>

struct memory_node;

/* Where a path ends in memory. */
struct memory_place {
  struct memory_node *node;   /* what is there, or NULL */
  struct memory_node *folder; /* the folder that has it, or lacks it */
  const char *name;           /* what it is called there */
  size_t length;
  bool slash; /* the path ends with a slash */
  int error;  /* not 0: there is no such place */
};

/* Where a call ends up: at the host with this descriptor and path, in memory, or in the image. */
struct target {
  bool at_host, in_memory;
  __wasi_fd_t fd;
  const char *path;
  struct image_place place;
  struct memory_place memory;
};

enum memory_walk { MEMORY_HERE, MEMORY_LEFT, MEMORY_HOST };

struct pywasm_part_files {
  /* Follows a path from a descriptor that is not the image's. MEMORY_LEFT: `*path` is the rest, seen from `/`.
   * MEMORY_HOST: `*fd` is the host's number of the folder. */
  enum memory_walk (*follow)(__wasi_fd_t *fd, const char **path, bool last, struct memory_place *place);
  /* Names of the top folder from this cookie on. */
  size_t (*list_top)(uint8_t *out, size_t room, __wasi_dircookie_t cookie);
  /* Folders of our own where the host has mounted `/` without them. */
  bool (*mount)(void);

  __wasi_errno_t (*open)(struct target *, __wasi_oflags_t, __wasi_rights_t, __wasi_fdflags_t, __wasi_fd_t *);
  __wasi_errno_t (*stat)(struct target *, __wasi_filestat_t *);
  int (*access)(struct target *, int mode);

  /* From here on, calls as libc makes them, those for the host and the image among them. */
  __wasi_errno_t (*readlink)(__wasi_fd_t, const char *, uint8_t *, __wasi_size_t, __wasi_size_t *);
  __wasi_errno_t (*make_folder)(__wasi_fd_t, const char *);
  __wasi_errno_t (*symlink)(const char *, __wasi_fd_t, const char *);
  __wasi_errno_t (*set_times)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_timestamp_t, __wasi_timestamp_t,
                              __wasi_fstflags_t);
  __wasi_errno_t (*unlink)(__wasi_fd_t, const char *);
  __wasi_errno_t (*remove_folder)(__wasi_fd_t, const char *);
  __wasi_errno_t (*rename)(__wasi_fd_t, const char *, __wasi_fd_t, const char *);
  __wasi_errno_t (*link)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_fd_t, const char *);
  __wasi_errno_t (*fd_advise)(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t, __wasi_advice_t);
  __wasi_errno_t (*fd_sync)(__wasi_fd_t);
  __wasi_errno_t (*fd_datasync)(__wasi_fd_t);
  __wasi_errno_t (*fd_renumber)(__wasi_fd_t, __wasi_fd_t);
  __wasi_errno_t (*fd_allocate)(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t);
  __wasi_errno_t (*fd_filestat_set_size)(__wasi_fd_t, __wasi_filesize_t);
  __wasi_errno_t (*fd_filestat_set_times)(__wasi_fd_t, __wasi_timestamp_t, __wasi_timestamp_t, __wasi_fstflags_t);
  __wasi_errno_t (*fd_pread)(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_filesize_t, __wasi_size_t *);
  __wasi_errno_t (*fd_pwrite)(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_filesize_t, __wasi_size_t *);

  /* Calls for descriptors that are neither the image's nor simply the host's. */
  __wasi_errno_t (*fd_close)(__wasi_fd_t);
  __wasi_errno_t (*fd_fdstat_get)(__wasi_fd_t, __wasi_fdstat_t *);
  __wasi_errno_t (*fd_fdstat_set_flags)(__wasi_fd_t, __wasi_fdflags_t);
  __wasi_errno_t (*fd_filestat_get)(__wasi_fd_t, __wasi_filestat_t *);
  __wasi_errno_t (*fd_read)(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_size_t *);
  __wasi_errno_t (*fd_write)(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_size_t *);
  __wasi_errno_t (*fd_readdir)(__wasi_fd_t, uint8_t *, __wasi_size_t, __wasi_dircookie_t, __wasi_size_t *);
  __wasi_errno_t (*fd_seek)(__wasi_fd_t, __wasi_filedelta_t, __wasi_whence_t, __wasi_filesize_t *);
  __wasi_errno_t (*poll)(const __wasi_subscription_t *, __wasi_event_t *, __wasi_size_t, __wasi_size_t *);
};

extern struct pywasm_part_files pywasm_part_files;

/* Where a path ends. `last`: a symbolic link at its end counts as what it leads to. */
struct target locate(__wasi_fd_t fd, const char *path, bool last);
/* The same where a link at the end is followed as the call says. */
struct target locate_for(__wasi_fd_t fd, const char *path, __wasi_lookupflags_t lookup);

/* Hears of each path that a folder of the host could have, in the rehearsal (snapshot.c). `path`: seen from `/`.
 * `target`: where it has ended, or NULL if it leads elsewhere. `look`: the call changes nothing. */
extern void (*pywasm_path_watch)(const char *path, const struct target *target, bool look);

/* What a call does where the part is there; else this is its error. */
#define WITH_FILES(name, otherwise, ...) \
  (pywasm_part_files.name == NULL ? (__wasi_errno_t)(otherwise) : pywasm_part_files.name(__VA_ARGS__))

/* The permissions that the running call asks for, or -1: WASI has no place for them. */
extern int pywasm_mode;

/* Who owns a file, and what they may do with it: WASI has no place for that. */
struct access {
  uint32_t user, group;
  uint16_t mode;
};

/* That of what was described last, for `struct stat`. */
extern struct access described_access;

/* Descriptors in memory start here; below are the image's. */
#define MOST_DESCRIPTORS 65536
#define FIRST_MEMORY (FIRST_VIRTUAL + MOST_DESCRIPTORS)

/* st_dev of what is in memory. */
#define MEMORY_DEVICE (IMAGE_DEVICE + 1)

#endif
