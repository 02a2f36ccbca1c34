"""Takes a file descriptor from an argument as C code does. In: an int or an object with fileno(). Out: the number of an open file."""
import os


def number_of(fd):
    if not isinstance(fd, int):
        if not hasattr(fd, "fileno"):
            raise TypeError("argument must be an int, or have a fileno() method.")
        fd = fd.fileno()
        if not isinstance(fd, int):
            raise TypeError("fileno() returned a non-integer")
    if fd < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({fd})")
    return int(fd)


def open_number_of(fd):
    """The same; OSError where that file is not open."""
    fd = number_of(fd)
    try:
        os.fstat(fd)
    except OSError as error:
        raise OSError(error.errno, error.strerror) from None
    return fd
