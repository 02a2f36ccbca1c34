"""Memory maps over bytes of our own, since WASI cannot map a file into memory.

In: -1 for memory that is zero, or the descriptor of a file. Out: `mmap`, which reads the file once, again when it has changed,
and writes each change through to it, also when the file was closed meanwhile. Maps of the same part share their bytes.
"""
import errno
import os
import sys

error = OSError
ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
PAGESIZE = ALLOCATIONGRANULARITY = 4096
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MAP_SHARED, MAP_PRIVATE, MAP_ANON, MAP_ANONYMOUS = 1, 2, 32, 32
MAP_32BIT, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_NORESERVE, MAP_POPULATE, MAP_STACK = 64, 2048, 4096, 16384, 32768, 131072
MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE = 0, 1, 2, 3, 4, 8, 9
MADV_DONTFORK, MADV_DOFORK, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE = 10, 11, 12, 13, 14, 15
MADV_DONTDUMP, MADV_DODUMP, MADV_HWPOISON = 16, 17, 100


def _failure(number):
    return OSError(number, os.strerror(number))


class _Pages:
    """Bytes of a file, which all maps of the same part share."""

    kept = {}

    def __init__(self, length, key=None):
        self.data, self.stamp, self.key, self.users = bytearray(length), None, key, 1

    @classmethod
    def of(cls, status, offset, length):
        key = status.st_dev, status.st_ino, offset, length
        pages = cls.kept.get(key)
        if pages is None:
            pages = cls.kept[key] = cls(length, key)
        else:
            pages.users += 1
        return pages

    def leave(self):
        self.users -= 1
        if not self.users and self.key:
            del self.kept[self.key]


class _File:
    """The part of a file that is mapped."""

    def __init__(self, fd, offset, writes, pages):
        status = os.fstat(fd)
        self.identity, self.pages = (status.st_dev, status.st_ino), pages
        # The file may be closed while it is mapped; what is only read was read by then.
        self.fd, self.offset, self.owned = os.dup(fd) if writes else fd, offset, writes

    def status(self):
        """The file's state; None where its descriptor is closed, or another file's by now."""
        try:
            status = os.fstat(self.fd)
        except OSError:
            return None
        return status if (status.st_dev, status.st_ino) == self.identity else None

    def load(self, data):
        """Reads the file into the bytes, where it has changed since."""
        status = self.status()
        stamp = status and (status.st_mtime_ns, status.st_size)
        if stamp and stamp != self.pages.stamp:
            at = 0
            while at < len(data) and (part := os.pread(self.fd, len(data) - at, self.offset + at)):
                data[at:at + len(part)] = part
                at += len(part)
            self.pages.stamp = stamp

    def store(self, data, start, end):
        status = self.status()
        if status is None:
            raise OSError(errno.EBADF, "the mapped file was closed, and WASI cannot keep it open for the map")
        with memoryview(data) as view:
            while start < end:
                start += os.pwrite(self.fd, view[start:end], self.offset + start)
        status = os.fstat(self.fd)
        self.pages.stamp = status.st_mtime_ns, status.st_size

    def close(self):
        self.pages.leave()
        if self.owned:
            os.close(self.fd)


class mmap:
    def __new__(
        cls, fileno, length, flags=MAP_SHARED, prot=PROT_READ | PROT_WRITE, access=ACCESS_DEFAULT, offset=0, *, trackfd=True
    ):
        if not hasattr(fileno, "__index__"):
            raise TypeError(f"{type(fileno).__name__!r} object cannot be interpreted as an integer")
        if length < 0:
            raise OverflowError("memory mapped length must be positive")
        if offset < 0:
            raise OverflowError("memory mapped offset must be positive")
        if access != ACCESS_DEFAULT and (flags != MAP_SHARED or prot != PROT_READ | PROT_WRITE):
            raise ValueError("mmap can't specify both access and flags, prot.")
        if access not in (ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY):
            raise ValueError("mmap invalid access parameter.")
        if access == ACCESS_DEFAULT and not prot & PROT_WRITE:
            access = ACCESS_READ
        sys.audit("mmap.__new__", fileno, length, access, offset)
        self = super().__new__(cls)
        self._access, self._offset, self._tracks = access, offset, trackfd
        self._data, self._position, self._exports, self._file = None, 0, 0, None
        if fileno != -1:
            try:
                status = os.fstat(fileno)
            except OSError as failure:
                raise _failure(failure.errno) from None
            if status.st_mode & 0o170000 == 0o100000:
                if length == 0:
                    if status.st_size == 0:
                        raise ValueError("cannot mmap an empty file")
                    if offset >= status.st_size:
                        raise ValueError("mmap offset is greater than file size")
                    length = status.st_size - offset
                elif offset > status.st_size or status.st_size - offset < length:
                    raise ValueError("mmap length is greater than file size")
        if length == 0 or offset % ALLOCATIONGRANULARITY or fileno == -1 and offset:
            raise _failure(errno.EINVAL)
        self._private = access == ACCESS_COPY or bool(flags & MAP_PRIVATE)
        if fileno != -1:
            self._writes = access in (ACCESS_DEFAULT, ACCESS_WRITE) and not flags & MAP_PRIVATE
            pages = _Pages(length) if self._private else _Pages.of(status, offset, length)
            file, data = _File(int(fileno), offset, self._writes, pages), pages.data
            try:
                os.read(file.fd, 0)
                if self._writes:
                    os.write(file.fd, b"")
                file.load(data)
            except OSError as failure:
                file.close()
                raise _failure(errno.EACCES if failure.errno == errno.EBADF else errno.ENODEV) from None
            self._file = file
        else:
            self._writes, data = False, bytearray(length)
        self._data = data
        return self

    def _open(self):
        """The bytes, as the file has them by now."""
        if self._data is None:
            raise ValueError("mmap closed or invalid")
        if self._file is not None and not self._private:
            self._file.load(self._data)
        return self._data

    def _writable(self):
        data = self._open()
        if self._access == ACCESS_READ:
            raise TypeError("mmap can't modify a readonly memory map.")
        return data

    def _store(self, start, end):
        if self._writes:
            self._file.store(self._data, start, end)

    def __buffer__(self, flags, /):
        view = memoryview(self._open())
        self._exports += 1
        return view.toreadonly() if self._access == ACCESS_READ else view

    def __release_buffer__(self, view, /):
        view.release()
        self._exports -= 1
        if self._writes and self._data is not None:
            self._store_changes()

    def _store_changes(self):
        """Writes what was changed through a buffer, which tells nobody."""
        data = self._data
        if self._file.status() and os.pread(self._file.fd, len(data), self._offset) != data:
            self._store(0, len(data))

    def __len__(self):
        return len(self._open())

    def __getitem__(self, index):
        data = self._open()
        if isinstance(index, slice):
            return bytes(data[index])
        if not hasattr(index, "__index__"):
            raise TypeError("mmap indices must be integers")
        try:
            return data[index]
        except IndexError:
            raise IndexError("mmap index out of range") from None

    def __iter__(self):
        index = 0
        while index < len(self):
            yield self[index:index + 1]
            index += 1

    def __setitem__(self, index, value):
        data = self._writable()
        if isinstance(index, slice):
            places = range(*index.indices(len(data)))
            value = memoryview(value).cast("B")
            if len(places) != len(value):
                raise IndexError("mmap slice assignment is wrong size")
            data[index] = value
            if places:
                self._store(min(places[0], places[-1]), max(places[0], places[-1]) + 1)
            return
        if not hasattr(index, "__index__"):
            raise TypeError("mmap indices must be integers")
        place = index.__index__()
        place += len(data) if place < 0 else 0
        if not 0 <= place < len(data):
            raise IndexError("mmap index out of range")
        if not hasattr(value, "__index__"):
            raise TypeError("mmap item value must be an int")
        if not 0 <= value.__index__() <= 255:
            raise ValueError("mmap item value must be in range(0, 256)")
        data[place] = value
        self._store(place, place + 1)

    def __delitem__(self, index):
        raise TypeError(f"mmap doesn't support {'slice' if isinstance(index, slice) else 'item'} deletion")

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, *exception):
        self.close()

    def __repr__(self):
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        if self._data is None:
            return f"<{name} closed=True>"
        access = ("DEFAULT", "READ", "WRITE", "COPY")[self._access]
        return f"<{name} closed=False, access=ACCESS_{access}, length={len(self)}, pos={self._position}, offset={self._offset}>"

    def __sizeof__(self):
        return object.__sizeof__(self) + (len(self._data) if self._data else 0)

    def __reduce_ex__(self, protocol):
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")

    @property
    def closed(self):
        return self._data is None

    def close(self):
        if self._exports:
            raise BufferError("cannot close exported pointers exist")
        if self._data is not None:
            self._data = None
            if self._file is not None:
                self._file.close()

    def __del__(self):
        if getattr(self, "_data", None) is not None and not self._exports:
            self.close()

    def seekable(self):
        return True

    def tell(self):
        self._open()
        return self._position

    def seek(self, pos, whence=0, /):
        size = len(self)
        if whence not in (0, 1, 2):
            raise ValueError("unknown seek type")
        place = pos + (0, self._position, size)[whence]
        if not 0 <= place <= size:
            raise ValueError("seek out of range")
        self._position = place
        return place

    def read(self, n=None, /):
        data = self._open()
        if n is not None and not hasattr(n, "__index__"):
            raise TypeError(f"argument should be integer or None, not {type(n).__name__!r}")
        if n is not None:
            n = n.__index__()
            # Which may have closed the map.
            data = self._open()
        start = self._position
        end = len(data) if n is None or n < 0 else min(len(data), start + n)
        self._position = max(start, end)
        return bytes(data[start:end])

    def read_byte(self):
        data = self._open()
        if self._position >= len(data):
            raise ValueError("read byte out of range")
        self._position += 1
        return data[self._position - 1]

    def readline(self):
        data = self._open()
        return self.read((data.find(b"\n", self._position) + 1 or len(data)) - self._position)

    def write(self, bytes, /):
        data, new = self._writable(), memoryview(bytes).cast("B")
        start = self._position
        if start > len(data) or len(data) - start < len(new):
            raise ValueError("data out of range")
        data[start:start + len(new)] = new
        self._position = start + len(new)
        self._store(start, self._position)
        return len(new)

    def write_byte(self, byte, /):
        if not hasattr(byte, "__index__"):
            raise TypeError(f"{type(byte).__name__!r} object cannot be interpreted as an integer")
        if not 0 <= byte <= 255:
            raise OverflowError(f"unsigned byte integer is {'greater than maximum' if byte > 0 else 'less than minimum'}")
        data = self._writable()
        if self._position >= len(data):
            raise ValueError("write byte out of range")
        data[self._position] = byte
        self._position += 1
        self._store(self._position - 1, self._position)

    def _find(self, method, sub, bounds):
        data = self._open()
        if isinstance(sub, int):
            raise TypeError("a bytes-like object is required, not 'int'")
        start, end = (*bounds, len(data)) if len(bounds) == 1 else bounds or (self._position, len(data))
        start, end = (min(max(place + (len(data) if place < 0 else 0), 0), len(data)) for place in (start, end))
        return getattr(data, method)(sub, start, end)

    def find(self, sub, /, *bounds):
        return self._find("find", sub, bounds)

    def rfind(self, sub, /, *bounds):
        return self._find("rfind", sub, bounds)

    def move(self, dest, src, count, /):
        data = self._writable()
        if min(dest, src, count) < 0 or max(dest, src) + count > len(data):
            raise ValueError("source, destination, or count out of range")
        data[dest:dest + count] = data[src:src + count]
        self._store(dest, dest + count)

    def flush(self, offset=0, size=None, /):
        length = len(self)
        size = length - offset if size is None else size
        if size < 0 or offset < 0 or length - offset < size:
            raise ValueError("flush values out of range")
        if offset % PAGESIZE:
            raise _failure(errno.EINVAL)
        if self._writes and self._exports:
            self._store_changes()

    def size(self):
        self._open()
        status = self._file and self._tracks and self._file.status()
        if not status:
            raise _failure(errno.EBADF)
        return status.st_size

    def madvise(self, option, start=0, length=None, /):
        size = len(self)
        if not 0 <= start < size:
            raise ValueError("madvise start out of bounds")
        if length is not None and length < 0:
            raise ValueError("madvise length invalid")
        if length is not None and length > sys.maxsize - start:
            raise OverflowError("madvise length too large")
        if start % PAGESIZE:
            raise _failure(errno.EINVAL)

    def resize(self, newsize, /):
        data = self._open()
        if self._exports:
            raise BufferError("mmap can't resize with extant buffers exported.")
        if self._access in (ACCESS_READ, ACCESS_COPY):
            raise TypeError("mmap can't resize a readonly or copy-on-write memory map.")
        if not self._tracks:
            raise ValueError("mmap can't resize with trackfd=False.")
        if newsize < 0:
            raise ValueError("new size out of range")
        if newsize == 0:
            raise _failure(errno.EINVAL)
        if self._file is None and not self._private and newsize > len(data):
            raise ValueError("mmap: can't expand a shared anonymous mapping")
        if self._file is not None:
            os.ftruncate(self._file.fd, self._offset + newsize)
            pages = _Pages(0)
            pages.data, pages.stamp = bytearray(data), self._file.pages.stamp
            self._file.pages.leave()
            self._file.pages, self._data = pages, pages.data
            data = pages.data
        if newsize < len(data):
            del data[newsize:]
        else:
            data.extend(bytes(newsize - len(data)))


for _method in ("find", "rfind"):
    getattr(mmap, _method).__text_signature__ = "($self, view, start=None, end=None, /)"
del _method
