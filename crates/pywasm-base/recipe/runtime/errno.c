/* Errors in Linux's numbers and words (pywasm_errno.h). In: WASI's numbers, from libc. Out: Linux's, for CPython. */
#include "errors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <wasi/api.h>

/* libc's own, before the header puts Linux's in its place. */
static int *libc_errno(void) { return &errno; }

#include "pywasm_errno.h"

/* By WASI's numbers. Who lacks a capability in WASI lacks a permission on Linux. */
static const unsigned char numbers[] = {
    [__WASI_ERRNO_2BIG] = E2BIG, [__WASI_ERRNO_ACCES] = EACCES, [__WASI_ERRNO_ADDRINUSE] = EADDRINUSE,
    [__WASI_ERRNO_ADDRNOTAVAIL] = EADDRNOTAVAIL, [__WASI_ERRNO_AFNOSUPPORT] = EAFNOSUPPORT,
    [__WASI_ERRNO_AGAIN] = EAGAIN, [__WASI_ERRNO_ALREADY] = EALREADY, [__WASI_ERRNO_BADF] = EBADF,
    [__WASI_ERRNO_BADMSG] = EBADMSG, [__WASI_ERRNO_BUSY] = EBUSY, [__WASI_ERRNO_CANCELED] = ECANCELED,
    [__WASI_ERRNO_CHILD] = ECHILD, [__WASI_ERRNO_CONNABORTED] = ECONNABORTED,
    [__WASI_ERRNO_CONNREFUSED] = ECONNREFUSED, [__WASI_ERRNO_CONNRESET] = ECONNRESET, [__WASI_ERRNO_DEADLK] = EDEADLK,
    [__WASI_ERRNO_DESTADDRREQ] = EDESTADDRREQ, [__WASI_ERRNO_DOM] = EDOM, [__WASI_ERRNO_DQUOT] = EDQUOT,
    [__WASI_ERRNO_EXIST] = EEXIST, [__WASI_ERRNO_FAULT] = EFAULT, [__WASI_ERRNO_FBIG] = EFBIG,
    [__WASI_ERRNO_HOSTUNREACH] = EHOSTUNREACH, [__WASI_ERRNO_IDRM] = EIDRM, [__WASI_ERRNO_ILSEQ] = EILSEQ,
    [__WASI_ERRNO_INPROGRESS] = EINPROGRESS, [__WASI_ERRNO_INTR] = EINTR, [__WASI_ERRNO_INVAL] = EINVAL,
    [__WASI_ERRNO_IO] = EIO, [__WASI_ERRNO_ISCONN] = EISCONN, [__WASI_ERRNO_ISDIR] = EISDIR,
    [__WASI_ERRNO_LOOP] = ELOOP, [__WASI_ERRNO_MFILE] = EMFILE, [__WASI_ERRNO_MLINK] = EMLINK,
    [__WASI_ERRNO_MSGSIZE] = EMSGSIZE, [__WASI_ERRNO_MULTIHOP] = EMULTIHOP, [__WASI_ERRNO_NAMETOOLONG] = ENAMETOOLONG,
    [__WASI_ERRNO_NETDOWN] = ENETDOWN, [__WASI_ERRNO_NETRESET] = ENETRESET, [__WASI_ERRNO_NETUNREACH] = ENETUNREACH,
    [__WASI_ERRNO_NFILE] = ENFILE, [__WASI_ERRNO_NOBUFS] = ENOBUFS, [__WASI_ERRNO_NODEV] = ENODEV,
    [__WASI_ERRNO_NOENT] = ENOENT, [__WASI_ERRNO_NOEXEC] = ENOEXEC, [__WASI_ERRNO_NOLCK] = ENOLCK,
    [__WASI_ERRNO_NOLINK] = ENOLINK, [__WASI_ERRNO_NOMEM] = ENOMEM, [__WASI_ERRNO_NOMSG] = ENOMSG,
    [__WASI_ERRNO_NOPROTOOPT] = ENOPROTOOPT, [__WASI_ERRNO_NOSPC] = ENOSPC, [__WASI_ERRNO_NOSYS] = ENOSYS,
    [__WASI_ERRNO_NOTCONN] = ENOTCONN, [__WASI_ERRNO_NOTDIR] = ENOTDIR, [__WASI_ERRNO_NOTEMPTY] = ENOTEMPTY,
    [__WASI_ERRNO_NOTRECOVERABLE] = ENOTRECOVERABLE, [__WASI_ERRNO_NOTSOCK] = ENOTSOCK,
    [__WASI_ERRNO_NOTSUP] = ENOTSUP, [__WASI_ERRNO_NOTTY] = ENOTTY, [__WASI_ERRNO_NXIO] = ENXIO,
    [__WASI_ERRNO_OVERFLOW] = EOVERFLOW, [__WASI_ERRNO_OWNERDEAD] = EOWNERDEAD, [__WASI_ERRNO_PERM] = EPERM,
    [__WASI_ERRNO_PIPE] = EPIPE, [__WASI_ERRNO_PROTO] = EPROTO, [__WASI_ERRNO_PROTONOSUPPORT] = EPROTONOSUPPORT,
    [__WASI_ERRNO_PROTOTYPE] = EPROTOTYPE, [__WASI_ERRNO_RANGE] = ERANGE, [__WASI_ERRNO_ROFS] = EROFS,
    [__WASI_ERRNO_SPIPE] = ESPIPE, [__WASI_ERRNO_SRCH] = ESRCH, [__WASI_ERRNO_STALE] = ESTALE,
    [__WASI_ERRNO_TIMEDOUT] = ETIMEDOUT, [__WASI_ERRNO_TXTBSY] = ETXTBSY, [__WASI_ERRNO_XDEV] = EXDEV,
    [__WASI_ERRNO_NOTCAPABLE] = EACCES};

int pywasm_linux_error(int number) {
  return number >= 0 && number < (int)sizeof numbers && numbers[number] != 0 ? numbers[number] : number;
}

int *pywasm_errno(void) {
  static int linux_number;
  if (*libc_errno() != 0) {
    linux_number = pywasm_linux_error(*libc_errno());
    *libc_errno() = 0;
  }
  return &linux_number;
}

int __real_posix_fadvise(int, off_t, off_t, int);
int __wrap_posix_fadvise(int fd, off_t offset, off_t length, int advice);
int __wrap_posix_fadvise(int fd, off_t offset, off_t length, int advice) {
  return pywasm_linux_error(__real_posix_fadvise(fd, offset, length, advice));
}

/* By Linux's numbers. Nothing stands where it has none. */
static const char words[] =
    "Success\0"
    "Operation not permitted\0"
    "No such file or directory\0"
    "No such process\0"
    "Interrupted system call\0"
    "Input/output error\0"
    "No such device or address\0"
    "Argument list too long\0"
    "Exec format error\0"
    "Bad file descriptor\0"
    "No child processes\0"
    "Resource temporarily unavailable\0"
    "Cannot allocate memory\0"
    "Permission denied\0"
    "Bad address\0"
    "Block device required\0"
    "Device or resource busy\0"
    "File exists\0"
    "Invalid cross-device link\0"
    "No such device\0"
    "Not a directory\0"
    "Is a directory\0"
    "Invalid argument\0"
    "Too many open files in system\0"
    "Too many open files\0"
    "Inappropriate ioctl for device\0"
    "Text file busy\0"
    "File too large\0"
    "No space left on device\0"
    "Illegal seek\0"
    "Read-only file system\0"
    "Too many links\0"
    "Broken pipe\0"
    "Numerical argument out of domain\0"
    "Numerical result out of range\0"
    "Resource deadlock avoided\0"
    "File name too long\0"
    "No locks available\0"
    "Function not implemented\0"
    "Directory not empty\0"
    "Too many levels of symbolic links\0"
    "\0"
    "No message of desired type\0"
    "Identifier removed\0"
    "Channel number out of range\0"
    "Level 2 not synchronized\0"
    "Level 3 halted\0"
    "Level 3 reset\0"
    "Link number out of range\0"
    "Protocol driver not attached\0"
    "No CSI structure available\0"
    "Level 2 halted\0"
    "Invalid exchange\0"
    "Invalid request descriptor\0"
    "Exchange full\0"
    "No anode\0"
    "Invalid request code\0"
    "Invalid slot\0"
    "\0"
    "Bad font file format\0"
    "Device not a stream\0"
    "No data available\0"
    "Timer expired\0"
    "Out of streams resources\0"
    "Machine is not on the network\0"
    "Package not installed\0"
    "Object is remote\0"
    "Link has been severed\0"
    "Advertise error\0"
    "Srmount error\0"
    "Communication error on send\0"
    "Protocol error\0"
    "Multihop attempted\0"
    "RFS specific error\0"
    "Bad message\0"
    "Value too large for defined data type\0"
    "Name not unique on network\0"
    "File descriptor in bad state\0"
    "Remote address changed\0"
    "Can not access a needed shared library\0"
    "Accessing a corrupted shared library\0"
    ".lib section in a.out corrupted\0"
    "Attempting to link in too many shared libraries\0"
    "Cannot exec a shared library directly\0"
    "Invalid or incomplete multibyte or wide character\0"
    "Interrupted system call should be restarted\0"
    "Streams pipe error\0"
    "Too many users\0"
    "Socket operation on non-socket\0"
    "Destination address required\0"
    "Message too long\0"
    "Protocol wrong type for socket\0"
    "Protocol not available\0"
    "Protocol not supported\0"
    "Socket type not supported\0"
    "Operation not supported\0"
    "Protocol family not supported\0"
    "Address family not supported by protocol\0"
    "Address already in use\0"
    "Cannot assign requested address\0"
    "Network is down\0"
    "Network is unreachable\0"
    "Network dropped connection on reset\0"
    "Software caused connection abort\0"
    "Connection reset by peer\0"
    "No buffer space available\0"
    "Transport endpoint is already connected\0"
    "Transport endpoint is not connected\0"
    "Cannot send after transport endpoint shutdown\0"
    "Too many references: cannot splice\0"
    "Connection timed out\0"
    "Connection refused\0"
    "Host is down\0"
    "No route to host\0"
    "Operation already in progress\0"
    "Operation now in progress\0"
    "Stale file handle\0"
    "Structure needs cleaning\0"
    "Not a XENIX named type file\0"
    "No XENIX semaphores available\0"
    "Is a named type file\0"
    "Remote I/O error\0"
    "Disk quota exceeded\0"
    "No medium found\0"
    "Wrong medium type\0"
    "Operation canceled\0"
    "Required key not available\0"
    "Key has expired\0"
    "Key has been revoked\0"
    "Key was rejected by service\0"
    "Owner died\0"
    "State not recoverable\0"
    "Operation not possible due to RF-kill\0"
    "Memory page has hardware error\0";

char *__wrap_strerror(int number);
char *__wrap_strerror(int number) {
  static char unknown[sizeof "Unknown error -2147483648"];
  const char *text = words, *end = words + sizeof words - 1;
  for (int i = 0; i < number && text < end; i++) text += strlen(text) + 1;
  if (number >= 0 && text < end && *text != '\0') return (char *)text;
  snprintf(unknown, sizeof unknown, "Unknown error %d", number);
  return unknown;
}
