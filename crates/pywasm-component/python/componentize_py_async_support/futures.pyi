"""The ends of futures: one value goes from the writer to the reader."""

from types import TracebackType
from typing import Generic, Self, TypeVar

_T = TypeVar("_T")

class FutureReader(Generic[_T]):
    """Reads the value of a future, once."""

    async def read(self) -> _T:
        """Waits for the value."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

class FutureWriter(Generic[_T]):
    """Writes the value of a future, once. A writer that is let go before writes what its maker's `default` returns."""

    async def write(self, value: _T) -> bool:
        """Writes the value. Returns whether the reader was still there."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
