"""Stands in for the base's builtin module: the native interpreter's own calls, taken before `_pywasm_os` puts others there."""
import posix as _posix
import sys as _sys

dup, pipe, umask = _posix.dup, _posix.pipe, _posix.umask
_chmod, _chown = _posix.chmod, _posix.chown
_held = []
hold = _held.append


def dup2(fd, fd2, _dup2=_posix.dup2):
    return _dup2(fd, fd2)


def _within(folder):
    return {} if folder < 0 else {"dir_fd": folder}


def set_mode(path, mode, follow_symlinks, folder):
    if follow_symlinks:
        _chmod(path, mode, **_within(folder))
    return follow_symlinks


def set_owner(path, user, group, follow_symlinks, folder):
    _chown(path, user, group, follow_symlinks=follow_symlinks, **_within(folder))
    return True


def space(path):
    return 0, 1 << 30


def _native():
    """The native class of sockets, of which `_pywasm_socket` makes one of its own."""
    return _sys.modules["_socket"].socket.__mro__[1]


def socket():
    return _native()(2, 1, 0).detach()


def socketpair():
    listener, first = _native()(1, 1, 0), _native()(1, 1, 0)
    listener.bind("")  # Linux picks a name
    listener.listen(1)
    first.connect(listener.getsockname())
    second, _ = listener._accept()
    listener.close()
    return first.detach(), second
