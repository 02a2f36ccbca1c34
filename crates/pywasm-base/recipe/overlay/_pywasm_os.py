"""What `posix` has on Linux and macOS and WASI's lacks: the module puts it there, before `os` takes its names.

An artifact is like a container with one process, whose user is root. What such a process can do without the system's
help works. What needs another process, a terminal or a group of users raises the OSError that Linux would.
"""
import _pywasm_files as _files
import _pywasm_signals as _signals
import posix as _posix
import sys as _sys

# What numbers mean here is what they mean on Linux.
_VALUES = """
CLD_CONTINUED=6 CLD_DUMPED=3 CLD_EXITED=1 CLD_KILLED=2 CLD_STOPPED=5 CLD_TRAPPED=4 O_ASYNC=8192 O_FSYNC=1052672
O_NDELAY=2048 PRIO_PGRP=1 PRIO_PROCESS=0 PRIO_USER=2 P_ALL=0 P_PGID=2 P_PID=1 POSIX_SPAWN_CLOSE=1 POSIX_SPAWN_DUP2=2
POSIX_SPAWN_OPEN=0 SCHED_FIFO=1 SCHED_OTHER=0 SCHED_RR=2 SEEK_DATA=3 SEEK_HOLE=4 ST_NOSUID=2 ST_RDONLY=1 TMP_MAX=238328
WCONTINUED=8 WEXITED=4 WNOHANG=1 WNOWAIT=16777216 WSTOPPED=2 WUNTRACED=2
"""

_EPERM, _ESRCH, _ECHILD, _EBADF, _ENOSYS, _ENOTTY, _EINVAL = 1, 3, 10, 9, 38, 25, 22


def _error(number, name=None):
    return OSError(number, _posix.strerror(number), *([] if name is None else [name]))


def _refusal(number, names):
    """Functions that raise this error, whatever they are called with."""
    for name in names.split():
        def refuse(*args, **kwargs):
            raise _error(number)

        refuse.__name__ = refuse.__qualname__ = name
        refuse.__module__ = "posix"
        yield name, refuse


def _number(value):
    if isinstance(value, float) or not hasattr(value, "__index__"):
        raise TypeError(f"{type(value).__name__!r} object cannot be interpreted as an integer")
    return value.__index__()


def _fd(fd):
    if not isinstance(fd, int):
        if not hasattr(fd, "fileno"):
            raise TypeError("argument must be an int, or have a fileno() method.")
        fd = fd.fileno()
    _posix.fstat(fd)
    return fd


# ---- users and processes ----


def getuid():
    return 0


def getgroups():
    return [0]


def getgrouplist(user, group, /):
    return [_number(group)]


geteuid, getgid, getegid = (type(getuid)(getuid.__code__, {}, name) for name in ("geteuid", "getgid", "getegid"))


def _set_id(*ids):
    if any(_number(one) not in (0, -1) for one in ids):
        raise _error(_EPERM)


def setuid(uid, /):
    _set_id(uid)


def setgid(gid, /):
    _set_id(gid)


def seteuid(euid, /):
    _set_id(euid)


def setegid(egid, /):
    _set_id(egid)


def setreuid(ruid, euid, /):
    _set_id(ruid, euid)


def setregid(rgid, egid, /):
    _set_id(rgid, egid)


def setgroups(groups, /):
    _set_id(*groups)


def initgroups(username, gid, /):
    _set_id(gid)


def getppid():
    return 0


def getpgrp():
    return _posix.getpid()


def _own(pid):
    if _number(pid) not in (0, _posix.getpid()):
        raise _error(_ESRCH)
    return _posix.getpid()


def getpgid(pid):
    return _own(pid)


def getsid(pid, /):
    return _own(pid)


def setpgid(pid, pgrp, /):
    _own(pid)


def setpgrp():
    return None


def killpg(pgid, signal, /):
    _signals.kill(pgid, signal)


_nice = [0]


def nice(increment, /):
    _nice[0] = max(-20, min(19, _nice[0] + _number(increment)))
    return _nice[0]


def getpriority(which, who):
    return _nice[0]


def setpriority(which, who, priority):
    _nice[0] = max(-20, min(19, _number(priority)))


def sched_get_priority_max(policy):
    if policy not in (0, 1, 2, 3, 5):
        raise _error(_EINVAL)
    return 99 if policy in (1, 2) else 0


def sched_get_priority_min(policy):
    return int(sched_get_priority_max(policy) > 0)


def sched_getaffinity(pid, /):
    _own(pid)
    return {0}


def getloadavg():
    return 0.0, 0.0, 0.0


def waitpid(pid, options, /):
    _number(pid), _number(options)
    raise _error(_ECHILD)


_absent = object()


def register_at_fork(*, before=_absent, after_in_child=_absent, after_in_parent=_absent):
    given = {name: value for name, value in locals().items() if value is not _absent}
    if not given:
        raise TypeError("At least one argument is required.")
    for name, value in given.items():
        if not callable(value):
            raise TypeError(f"{name!r} must be callable, not {type(value).__name__}")
    # Nothing forks. But as on Linux, what the functions reach lives to the end.
    _files.hold(list(given.values()))


def WIFEXITED(status):
    return status & 127 == 0


def WEXITSTATUS(status):
    return status >> 8 & 255


def WIFSIGNALED(status):
    return 0 < status & 127 < 127


def WTERMSIG(status):
    return status & 127


def WIFSTOPPED(status):
    return status & 255 == 127


def WSTOPSIG(status):
    return status >> 8 & 255


def WCOREDUMP(status):
    return status & 128 != 0


def WIFCONTINUED(status):
    return status == 65535


def waitstatus_to_exitcode(status):
    status = _number(status)
    if WIFEXITED(status):
        return WEXITSTATUS(status)
    if WIFSIGNALED(status):
        return -WTERMSIG(status)
    if WIFSTOPPED(status):
        raise ValueError(f"process stopped by delivery of signal {WSTOPSIG(status)}")
    raise ValueError(f"invalid wait status: {status}")


# ---- files ----


def umask(mask, /):
    return _files.umask(_number(mask))


def _folder(dir_fd):
    """The descriptor of a folder; -1: none."""
    if dir_fd is None:
        return -1
    if not hasattr(dir_fd, "__index__"):
        raise TypeError(f"argument should be integer or None, not {type(dir_fd).__name__}")
    return dir_fd.__index__()


def chmod(path, mode, *, dir_fd=None, follow_symlinks=True):
    mode, folder = _number(mode), _folder(dir_fd)
    if not isinstance(path, int):
        path = _posix.fspath(path)
    if _sys.audit("os.chmod", path, mode, folder) or _files.set_mode(path, mode, follow_symlinks, folder):
        return
    # The host has it, and WASI has no call for that. What is there stays, if it lets its owner do as much.
    if _posix.stat(path, dir_fd=dir_fd).st_mode & 0o700 & ~mode & 0o600:
        raise _error(_EPERM, None if isinstance(path, int) else path)


def fchmod(fd, mode):
    chmod(_fd(fd), mode)


def chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True):
    for name, one in ("uid", _number(uid)), ("gid", _number(gid)):
        if not -1 <= one < 1 << 32:
            raise OverflowError(f"{name} is {'greater than maximum' if one >= 1 << 63 else 'less than minimum'}")
    folder = _folder(dir_fd)
    if not isinstance(path, int):
        path = _posix.fspath(path)
    if _sys.audit("os.chown", path, uid, gid, folder) or _files.set_owner(path, uid, gid, follow_symlinks, folder):
        return
    # The host has it, and WASI has no call for that.
    now = _posix.stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks) if not isinstance(path, int) else _posix.stat(path)
    if uid not in (-1, now.st_uid) or gid not in (-1, now.st_gid):
        raise _error(_EPERM, None if isinstance(path, int) else path)


def fchown(fd, uid, gid):
    chown(_fd(fd), uid, gid)


def lchown(path, uid, gid):
    chown(path, uid, gid, follow_symlinks=False)


def dup(fd, /):
    return _files.dup(_number(fd))


def dup2(fd, fd2, inheritable=True):
    fd, fd2 = _number(fd), _number(fd2)
    if fd < 0 or fd2 < 0:
        raise _error(_EBADF)
    return _files.dup2(fd, fd2)


def pipe():
    return _files.pipe()


def readv(fd, buffers, /):
    return _scatter(buffers, lambda size, done: _posix.read(fd, size))


def preadv(fd, buffers, offset, flags=0, /):
    return _scatter(buffers, lambda size, done: _posix.pread(fd, size, offset + done))


def _scatter(buffers, read):
    done = 0
    for buffer in buffers:
        with memoryview(buffer).cast("B") as view:
            data = read(len(view), done)
            view[: len(data)] = data
            done += len(data)
            if len(data) < len(view):
                break
    return done


def writev(fd, buffers, /):
    return _posix.write(fd, b"".join(buffers))


def pwritev(fd, buffers, offset, flags=0, /):
    return _posix.pwrite(fd, b"".join(buffers), offset)


def sendfile(out_fd, in_fd, offset, count):
    data = _posix.read(in_fd, count) if offset is None else _posix.pread(in_fd, count, offset)
    return _posix.write(out_fd, data)


def lockf(fd, command, length, /):
    _fd(fd)
    if command not in (0, 1, 2, 3):
        raise _error(_EINVAL)


def sync():
    return None


def statvfs(path):
    space = _files.space(path if isinstance(path, int) else _posix.fspath(path))
    if space is None:
        raise _error(_ENOSYS, None if isinstance(path, int) else path)
    used, most = space
    blocks, free = most // 4096, (most - used) // 4096
    return _posix.statvfs_result((4096, 4096, blocks, free, free, blocks, free, free, 0 if most else 1, 255))


def fstatvfs(fd, /):
    return statvfs(_fd(fd))


def major(device, /):
    return device >> 8 & 0xFFF | device >> 32 & ~0xFFF


def minor(device, /):
    return device & 0xFF | device >> 12 & 0xFFFFFF00


def makedev(major, minor, /):
    return (major & 0xFFF) << 8 | (major & ~0xFFF) << 32 | minor & 0xFF | (minor & ~0xFF) << 12


# ---- terminals ----


def ctermid():
    return "/dev/tty"


def get_terminal_size(fd=1, /):
    # WASI does not say how large a terminal is.
    raise _error(_ENOTTY if _posix.isatty(_number(fd)) or _fd(fd) >= 0 else _EBADF)


def ttyname(fd, /):
    _fd(fd)
    raise _error(_ENOTTY)


_own_names = {
    name: value
    for name, value in globals().items()
    if not name.startswith("_") and callable(value)
}
for _value in _own_names.values():
    _value.__module__ = "posix"
_own_names["kill"] = _signals.kill
for _pair in _VALUES.split():
    _own_names[_pair.partition("=")[0]] = int(_pair.partition("=")[2])
for _number_of_error, _list in (
    (_ENOSYS, "execv execve fork forkpty posix_spawn posix_spawnp system fchdir posix_openpt openpty login_tty"),
    (_ENOTTY, "getlogin grantpt ptsname tcgetpgrp tcsetpgrp unlockpt"),
    (_EPERM, "chroot mkfifo mknod setsid"),
    (_ECHILD, "wait wait3 wait4 waitid"),
):
    _own_names.update(_refusal(_number_of_error, _list))
vars(_posix).update(_own_names)
_posix._have_functions.extend(["HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_LCHOWN", "HAVE_FSTATVFS"])
