/* Files in memory: what memory_tree.c, memory_paths.c, memory_descriptors.c and the module _pywasm_files share. */
#ifndef PYWASM_MEMORY_H
#define PYWASM_MEMORY_H

#include "files.h"

/* ---- memory_tree.c ---- */

enum device { NO_DEVICE, DEVICE_NULL, DEVICE_ZERO, DEVICE_FULL, DEVICE_RANDOM, DEVICE_DESCRIPTOR };

struct memory_entry {
  struct memory_node *node;
  uint64_t serial;
  size_t length;
  char name[];
};

struct memory_node {
  __wasi_filetype_t kind;
  uint8_t device;
  bool writable; /* lies below a folder that takes changes */
  bool fixed;    /* one of those that are always there */
  struct access access;
  uint32_t links, users; /* names, and open descriptors */
  uint64_t inode;
  __wasi_timestamp_t accessed, modified, changed;
  size_t size, room;             /* bytes of a file or a link, entries of a folder; how many there is room for */
  uint8_t *bytes;                /* of a file or a link; for DEVICE_DESCRIPTOR, NULL */
  struct memory_entry **entries; /* of a folder */
  struct memory_node *parent;    /* of a folder */
  int number;                    /* for DEVICE_DESCRIPTOR */
};

struct memory_node *memory_top(void);
__wasi_timestamp_t memory_now(void);

/* A node with no name yet, or NULL where there is no room. */
struct memory_node *memory_make(__wasi_filetype_t kind, int mode);
/* 0, or ENOMEM, ENOSPC. */
int memory_add(struct memory_node *folder, const char *name, size_t length, struct memory_node *node);
struct memory_entry *memory_find(struct memory_node *folder, const char *name, size_t length);
void memory_remove(struct memory_node *folder, struct memory_entry *entry);
int memory_resize(struct memory_node *node, uint64_t size);
/* Frees the node if nobody has it any more. */
void memory_release(struct memory_node *node);
void memory_describe(const struct memory_node *node, __wasi_filestat_t *out);
int memory_umask(int mask);
void memory_usage(uint64_t *taken, uint64_t *most);

/* ---- memory_descriptors.c ---- */

struct pipe {
  uint8_t *bytes;
  size_t room, length;
  uint32_t readers, writers;
  /* When something was last written or taken, or an end closed; since when there is something to read. memory_tick()s. */
  uint64_t written, taken, since;
};

/* What a socket is connected to, where that makes a difference to who waits for it. */
enum line { LINE_LOCAL, LINE_NETWORK, LINE_BELL };

struct interest; /* epoll.c */

struct open_file {
  uint32_t users;
  struct memory_node *node; /* or NULL */
  struct pipe *in, *out;    /* the ends of pipes; a socket has both */
  bool at_host;             /* a copy of the host's descriptor `host` */
  __wasi_fd_t host;
  bool readable, writable;
  enum line line;
  uint16_t flags;
  uint64_t inode, offset;
  /* Of a set of descriptors (epoll.c): what it waits for, and whether some of that is there. */
  struct interest *interests;
  size_t interest_count, interest_room;
  bool (*is_ready)(struct open_file *);
};

/* The open file of a descriptor, or NULL: then the host has it by the number `*host`, or it is closed (false). */
bool memory_look_up(__wasi_fd_t fd, struct open_file **file, __wasi_fd_t *host);
/* A new open file, and its first descriptor. */
int memory_put_new(struct open_file file, __wasi_fd_t *opened);
/* The running call does not wait, whatever the descriptor says (MSG_DONTWAIT). */
extern bool memory_dont_wait;
/* The next number of a clock that counts what happens to pipes. */
uint64_t memory_tick(void);

/* Opens a descriptor for a node. */
int memory_open(struct memory_node *node, bool readable, bool writable, uint16_t flags, __wasi_fd_t *opened);
/* The node of a descriptor, or NULL. */
struct memory_node *memory_node_of(__wasi_fd_t fd);
/* Whether the host has the descriptor, and by which number. */
bool memory_host_of(__wasi_fd_t fd, __wasi_fd_t *host);
/* 0 or an error. */
int memory_duplicate(__wasi_fd_t fd, __wasi_fd_t *copy);
int memory_duplicate_to(__wasi_fd_t fd, __wasi_fd_t to);
int memory_pipe(__wasi_fd_t ends[2], uint16_t flags);
int memory_socketpair(__wasi_fd_t ends[2]);
/* A socket that leads nowhere. */
int memory_socket(__wasi_fd_t *opened);
/* Connects it, and all copies of its descriptor, with a new socket. */
int memory_connect(__wasi_fd_t fd, enum line line, __wasi_fd_t *other);
/* The open descriptors of the low numbers, for /dev/fd: the first from `from` on, or -1. */
int memory_next_descriptor(int from);
bool memory_is_open(__wasi_fd_t fd);

/* ---- memory_paths.c: what the table of files.h has ---- */

enum memory_walk memory_follow(__wasi_fd_t *, const char **, bool, struct memory_place *);
size_t memory_list_top(uint8_t *, size_t, __wasi_dircookie_t);
bool memory_mount(void);
__wasi_errno_t memory_path_open(struct target *, __wasi_oflags_t, __wasi_rights_t, __wasi_fdflags_t, __wasi_fd_t *);
__wasi_errno_t memory_stat(struct target *, __wasi_filestat_t *);
int memory_access(struct target *, int);
__wasi_errno_t memory_readlink(__wasi_fd_t, const char *, uint8_t *, __wasi_size_t, __wasi_size_t *);
__wasi_errno_t memory_make_folder(__wasi_fd_t, const char *);
__wasi_errno_t memory_symlink(const char *, __wasi_fd_t, const char *);
__wasi_errno_t memory_set_times(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_timestamp_t, __wasi_timestamp_t,
                                __wasi_fstflags_t);
__wasi_errno_t memory_unlink(__wasi_fd_t, const char *);
__wasi_errno_t memory_remove_folder(__wasi_fd_t, const char *);
__wasi_errno_t memory_rename(__wasi_fd_t, const char *, __wasi_fd_t, const char *);
__wasi_errno_t memory_link(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_fd_t, const char *);
__wasi_errno_t memory_set_node_times(struct memory_node *, __wasi_timestamp_t, __wasi_timestamp_t, __wasi_fstflags_t);

/* ---- memory_sockets.c ---- */

__wasi_errno_t memory_receive(__wasi_fd_t, const __wasi_iovec_t *, size_t, bool peek, __wasi_size_t *);
__wasi_errno_t memory_shut_down(__wasi_fd_t, __wasi_sdflags_t);

/* ---- memory_descriptors.c: the same ---- */

__wasi_errno_t memory_fd_advise(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t, __wasi_advice_t);
__wasi_errno_t memory_fd_sync(__wasi_fd_t);
__wasi_errno_t memory_fd_datasync(__wasi_fd_t);
__wasi_errno_t memory_fd_renumber(__wasi_fd_t, __wasi_fd_t);
__wasi_errno_t memory_fd_close(__wasi_fd_t);
__wasi_errno_t memory_fd_fdstat_get(__wasi_fd_t, __wasi_fdstat_t *);
__wasi_errno_t memory_fd_fdstat_set_flags(__wasi_fd_t, __wasi_fdflags_t);
__wasi_errno_t memory_fd_filestat_get(__wasi_fd_t, __wasi_filestat_t *);
__wasi_errno_t memory_fd_filestat_set_size(__wasi_fd_t, __wasi_filesize_t);
__wasi_errno_t memory_fd_filestat_set_times(__wasi_fd_t, __wasi_timestamp_t, __wasi_timestamp_t, __wasi_fstflags_t);
__wasi_errno_t memory_fd_allocate(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t);
__wasi_errno_t memory_fd_read(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_size_t *);
__wasi_errno_t memory_fd_pread(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_filesize_t, __wasi_size_t *);
__wasi_errno_t memory_fd_write(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_size_t *);
__wasi_errno_t memory_fd_pwrite(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_filesize_t, __wasi_size_t *);
__wasi_errno_t memory_fd_readdir(__wasi_fd_t, uint8_t *, __wasi_size_t, __wasi_dircookie_t, __wasi_size_t *);
__wasi_errno_t memory_fd_seek(__wasi_fd_t, __wasi_filedelta_t, __wasi_whence_t, __wasi_filesize_t *);
__wasi_errno_t memory_poll(const __wasi_subscription_t *, __wasi_event_t *, __wasi_size_t, __wasi_size_t *);

#endif
