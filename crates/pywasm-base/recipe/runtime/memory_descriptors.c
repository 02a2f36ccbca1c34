/* Open descriptors that are neither the host's nor the image's: of files in memory, pipes, and copies of the host's.
 *
 * Several descriptors may share one open file, and then its position. A low number that stands for something else than
 * the host's descriptor of that number has an entry in `low`. */
#include "memory.h"
#include "timer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIPE_ROOM 65536
#define SOCKET_ROOM 212992

static struct open_file **slots, **low;
static uint32_t slot_count;
static uint64_t next_inode = 1, tick;
__wasi_fd_t pywasm_redirected = 0;

/* What stands at a low number that is closed. */
static struct open_file closed;

extern __wasi_errno_t REAL(fd_close)(__wasi_fd_t);
extern __wasi_errno_t REAL(fd_renumber)(__wasi_fd_t, __wasi_fd_t);
extern __wasi_errno_t REAL(fd_sync)(__wasi_fd_t);
extern __wasi_errno_t REAL(fd_datasync)(__wasi_fd_t);
extern __wasi_errno_t REAL(fd_advise)(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t, __wasi_advice_t);
extern __wasi_errno_t REAL(fd_fdstat_get)(__wasi_fd_t, __wasi_fdstat_t *);
extern __wasi_errno_t REAL(fd_fdstat_set_flags)(__wasi_fd_t, __wasi_fdflags_t);
extern __wasi_errno_t REAL(fd_filestat_get)(__wasi_fd_t, __wasi_filestat_t *);
extern __wasi_errno_t REAL(fd_filestat_set_size)(__wasi_fd_t, __wasi_filesize_t);
extern __wasi_errno_t REAL(fd_filestat_set_times)(__wasi_fd_t, __wasi_timestamp_t, __wasi_timestamp_t, __wasi_fstflags_t);
extern __wasi_errno_t REAL(fd_allocate)(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t);
extern __wasi_errno_t REAL(fd_read)(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_size_t *);
extern __wasi_errno_t REAL(fd_pread)(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_filesize_t, __wasi_size_t *);
extern __wasi_errno_t REAL(fd_write)(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_size_t *);
extern __wasi_errno_t REAL(fd_pwrite)(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_filesize_t, __wasi_size_t *);
extern __wasi_errno_t REAL(fd_readdir)(__wasi_fd_t, uint8_t *, __wasi_size_t, __wasi_dircookie_t, __wasi_size_t *);
extern __wasi_errno_t REAL(fd_seek)(__wasi_fd_t, __wasi_filedelta_t, __wasi_whence_t, __wasi_filesize_t *);

/* ---- numbers ---- */

bool memory_look_up(__wasi_fd_t fd, struct open_file **file, __wasi_fd_t *host) {
  *file = NULL;
  *host = fd;
  if (!is_virtual(fd)) return true;
  if (fd < pywasm_redirected) {
    *file = low[fd];
    if (*file == &closed) return false;
    if (*file == NULL) return true;
  } else {
    uint32_t slot = (uint32_t)fd - FIRST_MEMORY;
    if (fd < FIRST_MEMORY || slot >= slot_count || slots[slot] == NULL) return false;
    *file = slots[slot];
  }
  if ((*file)->at_host) {
    *host = (*file)->host;
    *file = NULL;
  }
  return true;
}

bool memory_host_of(__wasi_fd_t fd, __wasi_fd_t *host) {
  struct open_file *file;
  return memory_look_up(fd, &file, host) && file == NULL;
}

struct memory_node *memory_node_of(__wasi_fd_t fd) {
  struct open_file *file;
  __wasi_fd_t host;
  return memory_look_up(fd, &file, &host) && file != NULL ? file->node : NULL;
}

bool memory_is_open(__wasi_fd_t fd) {
  __wasi_fdstat_t state;
  return __wasi_fd_fdstat_get(fd, &state) == 0;
}

int memory_next_descriptor(int from) {
  for (int fd = from; fd < 16 || fd < pywasm_redirected; fd++)
    if (memory_is_open(fd)) return fd;
  int fd = from < FIRST_MEMORY ? FIRST_MEMORY : from;
  while (fd - FIRST_MEMORY < (int)slot_count && slots[fd - FIRST_MEMORY] == NULL) fd++;
  return fd - FIRST_MEMORY < (int)slot_count ? fd : -1;
}

static int put(struct open_file *file, __wasi_fd_t *opened) {
  uint32_t slot = 0;
  while (slot < slot_count && slots[slot] != NULL) slot++;
  if (slot == MOST_DESCRIPTORS) return EMFILE;
  if (slot == slot_count) {
    uint32_t count = slot_count == 0 ? 16 : slot_count * 2;
    struct open_file **grown = realloc(slots, count * sizeof *grown);
    if (grown == NULL) return ENOMEM;
    memset(grown + slot_count, 0, (count - slot_count) * sizeof *grown);
    slots = grown;
    slot_count = count;
  }
  slots[slot] = file;
  file->users++;
  *opened = (__wasi_fd_t)(FIRST_MEMORY + slot);
  return 0;
}

/* Makes room for a low number in the table. */
static bool redirect(__wasi_fd_t fd) {
  if (fd < pywasm_redirected) return true;
  struct open_file **grown = realloc(low, ((size_t)fd + 1) * sizeof *grown);
  if (grown == NULL) return false;
  memset(grown + pywasm_redirected, 0, (size_t)(fd + 1 - pywasm_redirected) * sizeof *grown);
  low = grown;
  pywasm_redirected = fd + 1;
  return true;
}

uint64_t memory_tick(void) { return ++tick; }

static void drop_pipe(struct pipe *pipe) {
  if (pipe == NULL || pipe->readers > 0 || pipe->writers > 0) return;
  free(pipe->bytes);
  free(pipe);
}

/* Lets go of an end of a pipe; whoever has the other end sees it. */
static void close_end(struct pipe **end, bool writes) {
  struct pipe *pipe = *end;
  if (pipe == NULL) return;
  *end = NULL;
  if (writes) {
    if (--pipe->writers == 0 && pipe->length == 0) pipe->since = memory_tick();
    pipe->written = memory_tick();
  } else {
    pipe->readers--;
    pipe->taken = memory_tick();
  }
  drop_pipe(pipe);
}

static void let_go(struct open_file *file) {
  if (file == NULL || file == &closed || --file->users > 0) return;
  if (file->at_host && low[file->host] == &closed) {
    low[file->host] = NULL; /* The host's own number is free again. */
    (void)REAL(fd_close)(file->host);
  }
  close_end(&file->in, false);
  close_end(&file->out, true);
  free(file->interests);
  if (file->node != NULL) {
    file->node->users--;
    memory_release(file->node);
  }
  free(file);
}

int memory_put_new(struct open_file file, __wasi_fd_t *opened) {
  struct open_file *made = malloc(sizeof *made);
  if (made == NULL) return ENOMEM;
  *made = file;
  if (file.node == NULL) made->inode = next_inode++;
  int error = put(made, opened);
  if (error != 0) free(made);
  return error;
}

int memory_open(struct memory_node *node, bool readable, bool writable, uint16_t flags, __wasi_fd_t *opened) {
  int error = memory_put_new(
      (struct open_file){.node = node, .readable = readable, .writable = writable, .flags = flags}, opened);
  if (error == 0) node->users++;
  return error;
}

/* The open file of any descriptor: one of the host's becomes one that copies share. */
static int share(__wasi_fd_t fd, struct open_file **file) {
  if (fd < 0 || !memory_is_open(fd)) return EBADF;
  if (fd >= FIRST_MEMORY) *file = slots[fd - FIRST_MEMORY];
  else if (fd < pywasm_redirected && low[fd] != NULL) *file = low[fd];
  else {
    struct open_file *made = calloc(1, sizeof *made);
    if (made == NULL || !redirect(fd)) {
      free(made);
      return ENOMEM;
    }
    *made = (struct open_file){.users = 1, .at_host = true, .host = fd};
    *file = low[fd] = made;
  }
  return 0;
}

static int copy_of_image(__wasi_fd_t fd, __wasi_fd_t *copy) {
  const struct descriptor *old = descriptor_of(fd);
  int error = descriptor_open(old->node, old->flags, copy);
  if (error == 0) descriptor_of(*copy)->offset = descriptor_of(fd)->offset;
  return error;
}

int memory_duplicate(__wasi_fd_t fd, __wasi_fd_t *copy) {
  if (descriptor_of(fd) != NULL) return copy_of_image(fd, copy);
  struct open_file *file;
  int error = share(fd, &file);
  return error != 0 ? error : put(file, copy);
}

int memory_duplicate_to(__wasi_fd_t fd, __wasi_fd_t to) {
  struct open_file *file;
  if (to < 0 || to >= FIRST_VIRTUAL + 2 * MOST_DESCRIPTORS) return EBADF;
  if (descriptor_of(fd) != NULL) return ENOTSUP; /* Of the image's files there are no copies by a given number. */
  int error = share(fd, &file);
  if (error != 0 || fd == to) return error;
  struct open_file **place;
  if (to >= FIRST_MEMORY) {
    uint32_t slot = (uint32_t)to - FIRST_MEMORY;
    if (slot >= slot_count) return EBADF;
    place = &slots[slot];
  } else {
    struct open_file *old;
    /* The host's own descriptor of that number stays open for its other copies. */
    if (to >= 4096) return EBADF;
    if (memory_is_open(to) && (error = share(to, &old)) != 0) return error;
    if (!redirect(to)) return ENOMEM;
    place = &low[to];
  }
  struct open_file *old = *place;
  file->users++;
  *place = file;
  let_go(old);
  return 0;
}

/* ---- pipes ---- */

static struct pipe *make_pipe(size_t room) {
  struct pipe *pipe = calloc(1, sizeof *pipe);
  if (pipe == NULL) return NULL;
  *pipe = (struct pipe){.bytes = malloc(room), .room = room};
  if (pipe->bytes != NULL) return pipe;
  free(pipe);
  return NULL;
}

static int open_pipe(struct pipe *in, struct pipe *out, uint16_t flags, __wasi_fd_t *opened) {
  int error = memory_put_new(
      (struct open_file){.in = in, .out = out, .flags = flags, .readable = in != NULL, .writable = out != NULL}, opened);
  if (error != 0) return error;
  if (in != NULL) in->readers++;
  if (out != NULL) out->writers++;
  return 0;
}

int memory_pipe(__wasi_fd_t ends[2], uint16_t flags) {
  struct pipe *pipe = make_pipe(PIPE_ROOM);
  if (pipe == NULL) return ENOMEM;
  int error = open_pipe(pipe, NULL, flags, &ends[0]);
  if (error == 0 && (error = open_pipe(NULL, pipe, flags, &ends[1])) != 0) {
    memory_fd_close(ends[0]);
    return error;
  }
  if (error != 0) drop_pipe(pipe);
  return error;
}

int memory_socketpair(__wasi_fd_t ends[2]) {
  struct pipe *there = make_pipe(SOCKET_ROOM), *back = make_pipe(SOCKET_ROOM);
  int error = there == NULL || back == NULL ? ENOMEM : open_pipe(there, back, 0, &ends[0]);
  if (error != 0) {
    drop_pipe(there);
    drop_pipe(back);
    return error;
  }
  error = open_pipe(back, there, 0, &ends[1]);
  if (error != 0) memory_fd_close(ends[0]);
  return error;
}

int memory_socket(__wasi_fd_t *opened) { return open_pipe(NULL, NULL, 0, opened); }

int memory_connect(__wasi_fd_t fd, enum line line, __wasi_fd_t *other) {
  struct open_file *file, *new;
  __wasi_fd_t host, ends[2];
  if (!memory_look_up(fd, &file, &host)) return EBADF;
  if (file == NULL || file->node != NULL || file->is_ready != NULL) return ENOTSOCK;
  int error = memory_socketpair(ends);
  if (error != 0) return error;
  (void)memory_look_up(ends[0], &new, &host);
  close_end(&file->in, false);
  close_end(&file->out, true);
  file->in = new->in;
  file->out = new->out;
  file->readable = file->writable = true;
  new->in = new->out = NULL;
  (void)memory_fd_close(ends[0]);
  *other = ends[1];
  file->line = line;
  (void)memory_look_up(ends[1], &new, &host);
  new->line = line;
  /* A bell only rings: nobody writes to who has it. */
  if (line == LINE_BELL) close_end(&file->out, true);
  return 0;
}

bool memory_dont_wait;

/* What waits in a pipe can only come from this program, which waits: so it never comes, unless a signal's handler sends
 * it. */
static int would_block(const struct open_file *file) {
  if (memory_dont_wait || (file->flags & __WASI_FDFLAGS_NONBLOCK) != 0) return EAGAIN;
  return pywasm_wait_for_signal() ? EINTR : EDEADLK;
}

static __wasi_errno_t read_pipe(struct open_file *file, const __wasi_iovec_t *iovs, size_t count, __wasi_size_t *done) {
  struct pipe *pipe = file->in;
  size_t taken = 0;
  for (size_t i = 0; i < count; i++) {
    size_t length = pipe->length - taken < iovs[i].buf_len ? pipe->length - taken : iovs[i].buf_len;
    memcpy(iovs[i].buf, pipe->bytes + taken, length);
    taken += length;
  }
  *done = taken;
  if (taken == 0 && pipe->writers > 0) {
    bool wants = false;
    for (size_t i = 0; i < count; i++) wants |= iovs[i].buf_len > 0;
    return wants ? would_block(file) : 0;
  }
  memmove(pipe->bytes, pipe->bytes + taken, pipe->length - taken);
  pipe->length -= taken;
  pipe->taken = memory_tick();
  return 0;
}

static __wasi_errno_t write_pipe(struct open_file *file, const __wasi_ciovec_t *iovs, size_t count,
                                 __wasi_size_t *done) {
  struct pipe *pipe = file->out;
  if (pipe->readers == 0) return EPIPE;
  size_t given = 0, wanted = 0, before = pipe->length;
  for (size_t i = 0; i < count; i++) {
    size_t room = pipe->room - pipe->length, length = iovs[i].buf_len < room ? iovs[i].buf_len : room;
    memcpy(pipe->bytes + pipe->length, iovs[i].buf, length);
    pipe->length += length;
    given += length;
    wanted += iovs[i].buf_len;
  }
  *done = given;
  if (given > 0) pipe->written = memory_tick();
  if (before == 0) pipe->since = pipe->written;
  return given == 0 && wanted > 0 ? would_block(file) : 0;
}

/* ---- sockets ---- */

__wasi_errno_t memory_receive(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t count, bool peek, __wasi_size_t *done) {
  struct open_file *file;
  __wasi_fd_t host;
  if (!memory_look_up(fd, &file, &host)) return EBADF;
  if (file == NULL || file->node != NULL) return ENOTSOCK;
  if (file->in == NULL && file->out == NULL) return ENOTCONN;
  *done = 0;
  if (file->in == NULL) return 0;
  size_t length = file->in->length;
  uint8_t *kept = peek ? malloc(length + 1) : NULL;
  if (peek && kept == NULL) return ENOMEM;
  if (peek) memcpy(kept, file->in->bytes, length);
  __wasi_errno_t error = read_pipe(file, iovs, count, done);
  if (peek) {
    memcpy(file->in->bytes, kept, length);
    file->in->length = length;
  }
  free(kept);
  return error;
}

__wasi_errno_t memory_shut_down(__wasi_fd_t fd, __wasi_sdflags_t how) {
  struct open_file *file;
  __wasi_fd_t host;
  if (!memory_look_up(fd, &file, &host)) return EBADF;
  if (file == NULL || file->node != NULL) return ENOTSOCK;
  if (file->in == NULL && file->out == NULL) return ENOTCONN;
  if ((how & __WASI_SDFLAGS_WR) != 0) close_end(&file->out, true);
  if ((how & __WASI_SDFLAGS_RD) != 0) close_end(&file->in, false);
  return 0;
}

/* ---- reading and writing ---- */

static __wasi_errno_t read_node(struct memory_node *node, const __wasi_iovec_t *iovs, size_t count, uint64_t offset,
                                __wasi_size_t *done) {
  if (node->kind == __WASI_FILETYPE_DIRECTORY) return EISDIR;
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    size_t length = iovs[i].buf_len;
    if (node->device == DEVICE_RANDOM) {
      __wasi_errno_t error = __wasi_random_get(iovs[i].buf, length);
      if (error != 0) return error;
    } else if (node->device == DEVICE_NULL) {
      length = 0;
    } else if (node->device != NO_DEVICE) {
      memset(iovs[i].buf, 0, length);
    } else {
      if (offset >= node->size) break;
      if (length > node->size - offset) length = node->size - (size_t)offset;
      memcpy(iovs[i].buf, node->bytes + offset, length);
      offset += length;
    }
    total += length;
  }
  *done = total;
  return 0;
}

static __wasi_errno_t write_node(struct memory_node *node, const __wasi_ciovec_t *iovs, size_t count, uint64_t offset,
                                 __wasi_size_t *done) {
  size_t total = 0;
  for (size_t i = 0; i < count; i++) total += iovs[i].buf_len;
  if (node->device == DEVICE_FULL) return total > 0 ? ENOSPC : 0;
  *done = total;
  if (node->device != NO_DEVICE || total == 0) return 0;
  uint64_t end = offset + total;
  if (end > node->size) {
    int error = memory_resize(node, end);
    if (error != 0) return error;
  }
  for (size_t i = 0; i < count; i++) {
    memcpy(node->bytes + offset, iovs[i].buf, iovs[i].buf_len);
    offset += iovs[i].buf_len;
  }
  node->modified = node->changed = memory_now();
  return 0;
}

/* Begins a call: what the host has goes to the host. */
#define BEGIN(fd, name, ...)                                     \
  struct open_file *file;                                        \
  __wasi_fd_t host;                                              \
  if (!memory_look_up(fd, &file, &host)) return EBADF;                     \
  if (file == NULL) return REAL(name)(host, __VA_ARGS__)

__wasi_errno_t memory_fd_read(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t count, __wasi_size_t *done) {
  BEGIN(fd, fd_read, iovs, count, done);
  if (file->node == NULL && file->in != NULL) return read_pipe(file, iovs, count, done);
  if (!file->readable) return EBADF;
  if (file->node == NULL) { /* A socket that takes nothing any more. */
    *done = 0;
    return 0;
  }
  __wasi_errno_t error = read_node(file->node, iovs, count, file->offset, done);
  if (error == 0) file->offset += *done;
  return error;
}

__wasi_errno_t memory_fd_pread(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t count, __wasi_filesize_t offset,
                               __wasi_size_t *done) {
  const struct descriptor *of_image = descriptor_of(fd);
  if (of_image != NULL) return descriptor_read(of_image, iovs, count, offset, done);
  BEGIN(fd, fd_pread, iovs, count, offset, done);
  if (file->node == NULL) return ESPIPE;
  return file->readable ? read_node(file->node, iovs, count, offset, done) : EBADF;
}

static bool is_folder(const struct open_file *file) {
  return file->node != NULL && file->node->kind == __WASI_FILETYPE_DIRECTORY;
}

__wasi_errno_t memory_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t count, __wasi_size_t *done) {
  if (descriptor_of(fd) != NULL) return EBADF; /* Every descriptor into the image is open for reading only. */
  BEGIN(fd, fd_write, iovs, count, done);
  if (file->node == NULL && file->out != NULL) return write_pipe(file, iovs, count, done);
  if (!file->writable || is_folder(file)) return file->node == NULL && file->in == NULL ? ENOTCONN : EBADF;
  if (file->node == NULL) return EPIPE;
  if ((file->flags & __WASI_FDFLAGS_APPEND) != 0) file->offset = file->node->size;
  __wasi_errno_t error = write_node(file->node, iovs, count, file->offset, done);
  if (error == 0) file->offset += *done;
  return error;
}

__wasi_errno_t memory_fd_pwrite(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t count, __wasi_filesize_t offset,
                                __wasi_size_t *done) {
  if (descriptor_of(fd) != NULL) return EBADF;
  BEGIN(fd, fd_pwrite, iovs, count, offset, done);
  if (file->node == NULL) return ESPIPE;
  if (!file->writable || is_folder(file)) return EBADF;
  if ((file->flags & __WASI_FDFLAGS_APPEND) != 0) offset = file->node->size;
  return write_node(file->node, iovs, count, offset, done);
}

__wasi_errno_t memory_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t delta, __wasi_whence_t whence,
                              __wasi_filesize_t *now) {
  BEGIN(fd, fd_seek, delta, whence, now);
  if (file->node == NULL) return ESPIPE;
  if (file->node->device != NO_DEVICE) {
    *now = 0;
    return 0;
  }
  uint64_t from = whence == __WASI_WHENCE_CUR ? file->offset : whence == __WASI_WHENCE_END ? file->node->size : 0;
  int64_t to;
  if (whence > __WASI_WHENCE_END) return EINVAL;
  if (__builtin_add_overflow((int64_t)from, delta, &to)) return EOVERFLOW;
  if (to < 0) return EINVAL;
  *now = file->offset = (uint64_t)to;
  return 0;
}

/* ---- the descriptor itself ---- */

/* Hints, and waiting for a disk: nothing to do but for the host. */
static bool concerns_host(__wasi_fd_t fd, __wasi_fd_t *host, __wasi_errno_t *error) {
  struct open_file *file;
  *error = 0;
  if (descriptor_of(fd) != NULL) return false;
  if (!memory_look_up(fd, &file, host)) *error = EBADF;
  return *error == 0 && file == NULL;
}

__wasi_errno_t memory_fd_advise(__wasi_fd_t fd, __wasi_filesize_t offset, __wasi_filesize_t length,
                                __wasi_advice_t advice) {
  __wasi_errno_t error;
  return concerns_host(fd, &fd, &error) ? REAL(fd_advise)(fd, offset, length, advice) : error;
}

__wasi_errno_t memory_fd_sync(__wasi_fd_t fd) {
  __wasi_errno_t error;
  return concerns_host(fd, &fd, &error) ? REAL(fd_sync)(fd) : error;
}

__wasi_errno_t memory_fd_datasync(__wasi_fd_t fd) {
  __wasi_errno_t error;
  return concerns_host(fd, &fd, &error) ? REAL(fd_datasync)(fd) : error;
}

__wasi_errno_t memory_fd_renumber(__wasi_fd_t fd, __wasi_fd_t to) {
  if (!is_virtual(fd) && !is_virtual(to)) return REAL(fd_renumber)(fd, to);
  int error = is_mount(fd) || is_mount(to) ? EBADF : memory_duplicate_to(fd, to);
  return error != 0 || fd == to ? error : memory_fd_close(fd);
}

__wasi_errno_t memory_fd_close(__wasi_fd_t fd) {
  struct open_file **place, *file;
  if (fd < pywasm_redirected) {
    place = &low[fd];
    if (*place == NULL) return REAL(fd_close)(fd);
    if (*place == &closed) return EBADF;
    file = *place;
    *place = &closed;
    /* A number that the host does not know is simply free. */
    let_go(file);
    return 0;
  }
  uint32_t slot = (uint32_t)fd - FIRST_MEMORY;
  if (fd < FIRST_MEMORY || slot >= slot_count || slots[slot] == NULL) return EBADF;
  file = slots[slot];
  slots[slot] = NULL;
  let_go(file);
  return 0;
}

static __wasi_filetype_t kind_of(const struct open_file *file) {
  if (file->node != NULL) return file->node->kind;
  if (file->is_ready != NULL) return __WASI_FILETYPE_UNKNOWN;
  bool one_way = (file->in == NULL) != (file->out == NULL) && file->line != LINE_BELL;
  return one_way ? __WASI_FILETYPE_UNKNOWN : __WASI_FILETYPE_SOCKET_STREAM;
}

__wasi_errno_t memory_fd_fdstat_get(__wasi_fd_t fd, __wasi_fdstat_t *out) {
  BEGIN(fd, fd_fdstat_get, out);
  /* By the right to seek, libc tells a file or a device from a terminal. */
  __wasi_rights_t rights = RIGHTS_HELD & ~(__wasi_rights_t)(__WASI_RIGHTS_FD_READ);
  if (file->readable) rights |= __WASI_RIGHTS_FD_READ;
  if (file->writable) rights |= __WASI_RIGHTS_FD_WRITE;
  *out = (__wasi_fdstat_t){.fs_filetype = kind_of(file),
                           .fs_flags = file->flags,
                           .fs_rights_base = rights,
                           .fs_rights_inheriting = RIGHTS_HANDED_ON};
  return 0;
}

__wasi_errno_t memory_fd_fdstat_set_flags(__wasi_fd_t fd, __wasi_fdflags_t flags) {
  BEGIN(fd, fd_fdstat_set_flags, flags);
  file->flags = flags;
  return 0;
}

__wasi_errno_t memory_fd_filestat_get(__wasi_fd_t fd, __wasi_filestat_t *out) {
  BEGIN(fd, fd_filestat_get, out);
  if (file->node != NULL) {
    memory_describe(file->node, out);
  } else {
    *out = (__wasi_filestat_t){.dev = MEMORY_DEVICE + 1, .ino = file->inode, .filetype = kind_of(file), .nlink = 1};
    described_access = (struct access){.mode = 0600};
  }
  return 0;
}

__wasi_errno_t memory_fd_filestat_set_size(__wasi_fd_t fd, __wasi_filesize_t size) {
  if (descriptor_of(fd) != NULL) return EINVAL;
  BEGIN(fd, fd_filestat_set_size, size);
  if (file->node == NULL || file->node->kind != __WASI_FILETYPE_REGULAR_FILE || !file->writable) return EINVAL;
  int error = memory_resize(file->node, size);
  if (error == 0) file->node->modified = file->node->changed = memory_now();
  return error;
}

__wasi_errno_t memory_fd_filestat_set_times(__wasi_fd_t fd, __wasi_timestamp_t accessed, __wasi_timestamp_t modified,
                                            __wasi_fstflags_t flags) {
  if (descriptor_of(fd) != NULL) return EROFS;
  BEGIN(fd, fd_filestat_set_times, accessed, modified, flags);
  if (file->node == NULL) return EINVAL;
  return file->node->writable ? memory_set_node_times(file->node, accessed, modified, flags) : EROFS;
}

__wasi_errno_t memory_fd_allocate(__wasi_fd_t fd, __wasi_filesize_t offset, __wasi_filesize_t length) {
  if (descriptor_of(fd) != NULL) return EBADF;
  BEGIN(fd, fd_allocate, offset, length);
  if (file->node == NULL) return ESPIPE;
  if (!file->writable) return EBADF;
  if (file->node->kind != __WASI_FILETYPE_REGULAR_FILE) return ENODEV;
  return offset + length > file->node->size ? memory_resize(file->node, offset + length) : 0;
}

/* ---- folders ---- */

static size_t list_descriptors(uint8_t *buffer, size_t size, __wasi_dircookie_t cookie) {
  size_t full = 0;
  int fd = memory_next_descriptor(cookie < 3 ? 0 : (int)(cookie - 3));
  for (; fd >= 0 && full < size; fd = memory_next_descriptor(fd + 1)) {
    char name[12];
    size_t length = 0;
    for (int rest = fd; rest > 0 || length == 0; rest /= 10) {
      memmove(name + 1, name, length++);
      name[0] = (char)('0' + rest % 10);
    }
    full += put_entry(buffer + full, size - full, (uint64_t)fd + 4, (uint64_t)fd + 1, __WASI_FILETYPE_UNKNOWN, name,
                      length);
  }
  return full;
}

__wasi_errno_t memory_fd_readdir(__wasi_fd_t fd, uint8_t *buffer, __wasi_size_t size, __wasi_dircookie_t cookie,
                                 __wasi_size_t *used) {
  BEGIN(fd, fd_readdir, buffer, size, cookie, used);
  if (!is_folder(file)) return ENOTDIR;
  struct memory_node *folder = file->node;
  size_t full = 0;
  /* Cookies are an entry's serial number: what is taken away meanwhile moves no other. */
  for (; cookie < 2 && full < size; cookie++)
    full += put_entry(buffer + full, size - full, cookie + 1, (cookie == 0 ? folder : folder->parent)->inode,
                      __WASI_FILETYPE_DIRECTORY, "..", (size_t)cookie + 1);
  if (folder->device == DEVICE_DESCRIPTOR) full += list_descriptors(buffer + full, size - full, cookie);
  for (size_t i = 0; i < folder->size && full < size; i++) {
    const struct memory_entry *entry = folder->entries[i];
    if (entry->serial + 2 <= cookie) continue;
    full += put_entry(buffer + full, size - full, entry->serial + 2, entry->node->inode, entry->node->kind, entry->name,
                      entry->length);
  }
  *used = full;
  return 0;
}

/* ---- readiness ---- */

/* What a subscription to one of our descriptors says now; false: it waits. */
static bool answer(const __wasi_subscription_t *in, __wasi_event_t *out) {
  bool write = in->u.tag == __WASI_EVENTTYPE_FD_WRITE;
  *out = (__wasi_event_t){.userdata = in->userdata, .type = in->u.tag};
  const struct descriptor *of_image = descriptor_of(in->u.u.fd_read.file_descriptor);
  struct open_file *file;
  __wasi_fd_t host;
  if (of_image != NULL) {
    __wasi_filestat_t state;
    describe_node(of_image->node, &state);
    if (write) out->error = EBADF;
    else if (state.size > of_image->offset) out->fd_readwrite.nbytes = state.size - of_image->offset;
    return true;
  }
  if (!memory_look_up(in->u.u.fd_read.file_descriptor, &file, &host) ||
      (file != NULL && file->node != NULL && !(write ? file->writable : file->readable))) {
    out->error = EBADF;
    return true;
  }
  if (file == NULL) return true; /* A copy of a standard stream: the call that follows will wait. */
  if (file->node != NULL) {
    out->fd_readwrite.nbytes = file->node->size > file->offset ? file->node->size - file->offset : 0;
    return true;
  }
  if (file->is_ready != NULL) return !write && file->is_ready(file);
  const struct pipe *pipe = write ? file->out : file->in;
  if (pipe == NULL) return !write || file->line != LINE_BELL; /* A socket without a way out answers at once. */
  bool over = (write ? pipe->readers : pipe->writers) == 0;
  out->fd_readwrite.nbytes = write ? pipe->room - pipe->length : pipe->length;
  if (over) out->fd_readwrite.flags = __WASI_EVENTRWFLAGS_FD_READWRITE_HANGUP;
  return over || out->fd_readwrite.nbytes > 0;
}

__wasi_errno_t memory_poll(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count,
                           __wasi_size_t *done) {
  __wasi_size_t ready = 0, rest = 0, got = 0;
  __wasi_subscription_t *others = malloc((count + 1) * sizeof *others);
  if (others == NULL) return ENOMEM;
  for (__wasi_size_t i = 0; i < count; i++) {
    if (in[i].u.tag == __WASI_EVENTTYPE_CLOCK || !is_virtual(in[i].u.u.fd_read.file_descriptor)) others[rest++] = in[i];
    else if (answer(&in[i], &out[ready])) ready++;
  }
  if (ready > 0) { /* What else is ready by now, without waiting. */
    __wasi_size_t kept = 0;
    for (__wasi_size_t i = 0; i < rest; i++)
      if (others[i].u.tag != __WASI_EVENTTYPE_CLOCK) others[kept++] = others[i];
    rest = kept;
    if (rest > 0)
      others[rest++] = (__wasi_subscription_t){.u.tag = __WASI_EVENTTYPE_CLOCK, .u.u.clock.id = __WASI_CLOCKID_MONOTONIC};
  }
  __wasi_errno_t error = 0;
  if (rest > 0) {
    error = __wasi_poll_oneoff(others, out + ready, rest, &got);
    if (ready > 0) { /* The clock of no length is nobody's. */
      __wasi_size_t kept = 0;
      for (__wasi_size_t i = 0; error == 0 && i < got; i++)
        if (out[ready + i].type != __WASI_EVENTTYPE_CLOCK) out[ready + kept++] = out[ready + i];
      got = kept;
      error = 0;
    }
  } else if (ready == 0) {
    error = EDEADLK; /* Nobody is left who could write. */
  }
  free(others);
  *done = ready + got;
  return error;
}
