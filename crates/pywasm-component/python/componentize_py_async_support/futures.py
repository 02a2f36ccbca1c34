"""The ends of futures: one value goes from the writer to the reader."""

from _pywasm_loop import spawn as _spawn, wait as _wait
from _pywasm_wit import End as _End

GenericAlias = type(list[int])

_COMPLETED = 0


class FutureReader(_End):
    """Reads the value of a future, once."""

    __class_getitem__ = classmethod(GenericAlias)

    async def read(self):
        """Waits for the value."""
        _, values = await _wait(self._read(1))
        self._close()
        return values[0]

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self._close()


class FutureWriter(_End):
    """Writes the value of a future, once. A writer that is let go before writes what its maker's `default` returns."""

    __class_getitem__ = classmethod(GenericAlias)

    async def write(self, value):
        """Writes the value. Returns whether the reader was still there."""
        code, _ = await _wait(self._write([value]))
        self._close()
        return code == _COMPLETED

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        if self._is_open:
            _spawn(self.write(self._default()))

    def __del__(self):
        if self._is_open:
            _spawn(self.write(self._default()))
