"""Named shared memory: files in a folder of its own, since WASI has no such memory. See `multiprocessing.shared_memory`."""
import os

_FOLDER = "/dev/shm"


def _path(path):
    if not isinstance(path, str):
        raise TypeError(f"path must be str, not {type(path).__name__}")
    return _FOLDER + "/" + path.lstrip("/")


def shm_open(path, flags, mode=511):
    try:
        return os.open(_path(path), flags, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


def shm_unlink(path):
    try:
        os.unlink(_path(path))
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
