"""Control of open files. No other process has locks, so those of lockf() and fcntl() are granted; flock() locks belong to an
open file, and two of them may be in each other's way. What WASI has no call for raises OSError with EINVAL.
"""
import errno
import os
import sys
from _descriptor import open_number_of

_VALUES = """
DN_ACCESS=1 DN_ATTRIB=32 DN_CREATE=4 DN_DELETE=8 DN_MODIFY=2 DN_MULTISHOT=2147483648 DN_RENAME=16 FASYNC=8192 FD_CLOEXEC=1
FICLONE=1074041865 FICLONERANGE=1075876877 F_ADD_SEALS=1033 F_DUPFD=0 F_DUPFD_CLOEXEC=1030 F_EXLCK=4 F_GETFD=1 F_GETFL=3
F_GETLEASE=1025 F_GETLK=5 F_GETLK64=5 F_GETOWN=9 F_GETOWN_EX=16 F_GETPIPE_SZ=1032 F_GETSIG=11 F_GET_FILE_RW_HINT=1037
F_GET_RW_HINT=1035 F_GET_SEALS=1034 F_NOTIFY=1026 F_OFD_GETLK=36 F_OFD_SETLK=37 F_OFD_SETLKW=38 F_OWNER_PGRP=2
F_OWNER_PID=1 F_OWNER_TID=0 F_RDLCK=0 F_SEAL_FUTURE_WRITE=16 F_SEAL_GROW=4 F_SEAL_SEAL=1 F_SEAL_SHRINK=2 F_SEAL_WRITE=8
F_SETFD=2 F_SETFL=4 F_SETLEASE=1024 F_SETLK=6 F_SETLK64=6 F_SETLKW=7 F_SETLKW64=7 F_SETOWN=8 F_SETOWN_EX=15
F_SETPIPE_SZ=1031 F_SETSIG=10 F_SET_FILE_RW_HINT=1038 F_SET_RW_HINT=1036 F_SHLCK=8 F_UNLCK=2 F_WRLCK=1 LOCK_EX=2
LOCK_MAND=32 LOCK_NB=4 LOCK_READ=64 LOCK_RW=192 LOCK_SH=1 LOCK_UN=8 LOCK_WRITE=128 RWH_WRITE_LIFE_EXTREME=5
RWH_WRITE_LIFE_LONG=4 RWH_WRITE_LIFE_MEDIUM=3 RWH_WRITE_LIFE_NONE=1 RWH_WRITE_LIFE_NOT_SET=0 RWH_WRITE_LIFE_SHORT=2
"""
for _pair in _VALUES.split():
    _name, _, _value = _pair.partition("=")
    globals()[_name] = int(_value)
del _VALUES, _pair, _name, _value


def _error(number):
    return OSError(number, os.strerror(number))


def _may(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.EISDIR)
    return True


def _status(fd):
    """O_RDONLY, O_WRONLY or O_RDWR, with O_NONBLOCK: what reads and writes of nothing answer."""
    reads, writes = _may(os.read, fd, 0), _may(os.write, fd, b"")
    status = os.O_RDWR if reads and writes else os.O_WRONLY if writes else os.O_RDONLY
    return status if os.get_blocking(fd) else status | os.O_NONBLOCK


def _copy(fd, least, inheritable):
    for number in range(least, least + 4096):
        try:
            os.fstat(number)
        except OSError:
            return os.dup2(fd, number, inheritable)
    raise _error(errno.EMFILE)


def fcntl(fd, cmd, arg=0, /):
    fd = open_number_of(fd)
    sys.audit("fcntl.fcntl", fd, cmd, arg)
    if cmd == F_GETFD:
        return 0 if os.get_inheritable(fd) else FD_CLOEXEC
    if cmd == F_SETFD:
        os.set_inheritable(fd, not arg & FD_CLOEXEC)
        return 0
    if cmd in (F_DUPFD, F_DUPFD_CLOEXEC):
        return _copy(fd, arg, cmd == F_DUPFD)
    if cmd == F_GETFL:
        return _status(fd)
    if cmd == F_SETFL:
        os.set_blocking(fd, not arg & os.O_NONBLOCK)
        return 0
    if cmd in (F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW):
        return arg if isinstance(arg, (bytes, bytearray)) else 0
    raise _error(errno.EINVAL)


def ioctl(fd, request, arg=0, mutate_flag=True, /):
    fd = open_number_of(fd)
    sys.audit("fcntl.ioctl", fd, request, arg)
    raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")


# By file: the descriptors that hold a lock on it, each with its kind.
_locks = {}


def _holders(fd):
    """The locks on the file of a descriptor, without those whose descriptors were closed."""
    status = os.fstat(fd)
    file = status.st_dev, status.st_ino
    holders = _locks.setdefault(file, {})
    for holder in list(holders):
        try:
            status = os.fstat(holder)
        except OSError:
            status = None
        if status is None or (status.st_dev, status.st_ino) != file:
            del holders[holder]
    return holders


def flock(fd, operation, /):
    fd = open_number_of(fd)
    sys.audit("fcntl.flock", fd, operation)
    kind = operation & ~LOCK_NB
    if kind not in (LOCK_SH, LOCK_EX, LOCK_UN):
        raise _error(errno.EINVAL)
    holders = _holders(fd)
    holders.pop(fd, None)  # a lock of another kind is lost, even where the new one is not granted
    if kind == LOCK_UN:
        return
    if any(LOCK_EX in (kind, other) for other in holders.values()):
        # Without LOCK_NB it would wait for ever.
        raise _error(errno.EAGAIN if operation & LOCK_NB else errno.EDEADLK)
    holders[fd] = kind


def lockf(fd, cmd, len=0, start=0, whence=0, /):
    fd = open_number_of(fd)
    sys.audit("fcntl.lockf", fd, cmd, len, start, whence)
    if cmd == LOCK_UN:
        return
    if not cmd & (LOCK_SH | LOCK_EX):
        raise ValueError("unrecognized lockf argument")
    status = _status(fd) & (os.O_RDWR | os.O_WRONLY | os.O_RDONLY)
    if status == (os.O_RDONLY if cmd & LOCK_EX else os.O_WRONLY):
        raise _error(errno.EBADF)
