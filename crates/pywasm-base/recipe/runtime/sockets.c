/* The WASI calls of sockets, where the socket is one of our own (files.h), and Linux's numbers for those of libc. Only
 * artifacts with `_socket` make them. */
#include "memory.h"

#include <errno.h>
#include <sys/socket.h>

/* Flags as Linux numbers them. */
enum { LINUX_PEEK = 2, LINUX_WAITALL = 256, LINUX_DONTWAIT = 64, LINUX_NOSIGNAL = 16384 };

/* What WASI does not know stays, so that libc refuses it. */
static int flags_of(int flags) {
  int known = LINUX_PEEK | LINUX_WAITALL | LINUX_DONTWAIT | LINUX_NOSIGNAL;
  int wasi = ((flags & LINUX_PEEK) != 0 ? MSG_PEEK : 0) | ((flags & LINUX_WAITALL) != 0 ? MSG_WAITALL : 0);
  return wasi | ((flags & ~known) != 0 ? 1 << 20 : 0);
}

ssize_t __real_recv(int, void *, size_t, int);
ssize_t __wrap_recv(int fd, void *buffer, size_t length, int flags) {
  memory_dont_wait = (flags & LINUX_DONTWAIT) != 0;
  ssize_t done = __real_recv(fd, buffer, length, flags_of(flags));
  memory_dont_wait = false;
  return done;
}

ssize_t __real_send(int, const void *, size_t, int);
ssize_t __wrap_send(int fd, const void *buffer, size_t length, int flags) {
  memory_dont_wait = (flags & LINUX_DONTWAIT) != 0;
  ssize_t done = __real_send(fd, buffer, length, flags_of(flags));
  memory_dont_wait = false;
  return done;
}

int __real_shutdown(int, int);
int __wrap_shutdown(int fd, int how) {
  static const int hows[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
  return __real_shutdown(fd, how >= 0 && how <= 2 ? hows[how] : -1);
}

__wasi_errno_t REAL(sock_recv)(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_riflags_t, __wasi_size_t *,
                               __wasi_roflags_t *);
__wasi_errno_t WRAP(sock_recv)(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t count, __wasi_riflags_t flags,
                               __wasi_size_t *done, __wasi_roflags_t *about) {
  if (!is_virtual(fd)) return REAL(sock_recv)(fd, iovs, count, flags, done, about);
  *about = 0;
  return memory_receive(fd, iovs, count, (flags & __WASI_RIFLAGS_RECV_PEEK) != 0, done);
}

__wasi_errno_t REAL(sock_send)(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_siflags_t, __wasi_size_t *);
__wasi_errno_t WRAP(sock_send)(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t count, __wasi_siflags_t flags,
                               __wasi_size_t *done) {
  if (!is_virtual(fd)) return REAL(sock_send)(fd, iovs, count, flags, done);
  return memory_fd_write(fd, iovs, count, done);
}

__wasi_errno_t REAL(sock_shutdown)(__wasi_fd_t, __wasi_sdflags_t);
__wasi_errno_t WRAP(sock_shutdown)(__wasi_fd_t fd, __wasi_sdflags_t how) {
  return is_virtual(fd) ? memory_shut_down(fd, how) : REAL(sock_shutdown)(fd, how);
}

__wasi_errno_t REAL(sock_accept)(__wasi_fd_t, __wasi_fdflags_t, __wasi_fd_t *);
__wasi_errno_t WRAP(sock_accept)(__wasi_fd_t fd, __wasi_fdflags_t flags, __wasi_fd_t *opened) {
  return is_virtual(fd) ? EINVAL : REAL(sock_accept)(fd, flags, opened);
}
