"""The ends of streams. Close them with `with`, or let them go: the other side hears of it either way."""

from _pywasm_loop import wait as _wait
from _pywasm_wit import End as _End

# As asyncio's CancelledError, without its module for those who do not need it.
from asyncio import CancelledError as _CancelledError

GenericAlias = type(list[int])

_DROPPED = 1


class _StreamEnd(_End):
    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self._close()


class _Reader(_StreamEnd):
    # Whether the writer is gone, and all that it wrote was read.
    writer_dropped = False
    # What arrived while a read was cancelled.
    _kept = None

    async def read(self, max_count):
        """Reads at least one and at most `max_count` elements; none when the writer is gone."""
        if self._kept:
            values, rest = self._kept[:max_count], self._kept[max_count:]
            self._kept = rest
            return values
        if self.writer_dropped:
            return self._empty
        operation = self._read(max_count)
        try:
            code, values = await _wait(operation)
        except _CancelledError:
            code, self._kept = operation.result()
            self.writer_dropped = code == _DROPPED
            raise
        self.writer_dropped = code == _DROPPED
        return values


class _Writer(_StreamEnd):
    # Whether the reader is gone.
    reader_dropped = False

    async def write(self, source):
        """Writes some of the elements, and returns how many; 0 when the reader is gone."""
        if self.reader_dropped or not source:
            return 0
        code, count = await _wait(self._write(source))
        self.reader_dropped = code == _DROPPED
        return count

    async def write_all(self, source):
        """Writes all elements, unless the reader goes before. Returns how many were written."""
        total = 0
        while total < len(source) and not self.reader_dropped:
            total += await self.write(source[total:] if total else source)
        return total


class ByteStreamReader(_Reader):
    """Reads a `stream<u8>`, as bytes."""

    _empty = b""


class ByteStreamWriter(_Writer):
    """Writes a `stream<u8>`, from bytes."""


class StreamReader(_Reader):
    """Reads a stream, as lists."""

    __class_getitem__ = classmethod(GenericAlias)

    @property
    def _empty(self):
        return []


class StreamWriter(_Writer):
    """Writes a stream, from lists."""

    __class_getitem__ = classmethod(GenericAlias)
