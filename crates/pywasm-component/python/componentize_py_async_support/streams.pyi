"""The ends of streams. Close them with `with`, or let them go: the other side hears of it either way."""

from types import TracebackType
from typing import Generic, Self, TypeVar

_T = TypeVar("_T")

class _StreamEnd:
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

class ByteStreamReader(_StreamEnd):
    """Reads a `stream<u8>`, as bytes."""

    writer_dropped: bool
    """Whether the writer is gone, and all that it wrote was read."""
    async def read(self, max_count: int) -> bytes:
        """Reads at least one and at most `max_count` bytes; none when the writer is gone."""

class ByteStreamWriter(_StreamEnd):
    """Writes a `stream<u8>`, from bytes."""

    reader_dropped: bool
    """Whether the reader is gone."""
    async def write(self, source: bytes) -> int:
        """Writes some of the bytes, and returns how many; 0 when the reader is gone."""

    async def write_all(self, source: bytes) -> int:
        """Writes all bytes, unless the reader goes before. Returns how many were written."""

class StreamReader(_StreamEnd, Generic[_T]):
    """Reads a stream, as lists."""

    writer_dropped: bool
    """Whether the writer is gone, and all that it wrote was read."""
    async def read(self, max_count: int) -> list[_T]:
        """Reads at least one and at most `max_count` elements; none when the writer is gone."""

class StreamWriter(_StreamEnd, Generic[_T]):
    """Writes a stream, from lists."""

    reader_dropped: bool
    """Whether the reader is gone."""
    async def write(self, source: list[_T]) -> int:
        """Writes some of the elements, and returns how many; 0 when the reader is gone."""

    async def write_all(self, source: list[_T]) -> int:
        """Writes all elements, unless the reader goes before. Returns how many were written."""
