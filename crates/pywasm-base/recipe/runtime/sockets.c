/* The WASI calls of sockets, where the socket is one of our own (files.h). Only artifacts with `_socket` make them. */
#include "memory.h"

#include <errno.h>

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
