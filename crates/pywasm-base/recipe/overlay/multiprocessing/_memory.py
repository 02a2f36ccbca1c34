"""Pipes of `multiprocessing` within one process, since WASI has no pipes between processes.

In: messages that are sent at one end. Out: the same at the other. Who would wait for one that nobody can send gets an error.
"""
import collections
import io
import itertools
import time

from . import connection
from .connection import _ForkingPickler

_numbers = itertools.count(1 << 20)  # above the descriptors of files


class Connection(connection.Connection):
    """One end; `inbox` is read here, `outbox` at the other end."""

    def __init__(self, inbox, outbox, readable, writable):
        super().__init__(next(_numbers), readable, writable)
        self._inbox, self._outbox = inbox, outbox
        self.other = None

    def _close(self):
        pass

    def _send_bytes(self, buf):
        if self.other.closed:
            raise BrokenPipeError(32, "Broken pipe")
        self._outbox.append(bytes(buf))

    def _recv_bytes(self, maxsize=None):
        if not self._inbox:
            if self.other.closed:
                raise EOFError
            raise RuntimeError("deadlock: this waits for a message, and no other process or thread runs that could send one")
        data = self._inbox.popleft()
        if maxsize is not None and len(data) > maxsize:
            return None
        return io.BytesIO(data)

    def _poll(self, timeout):
        if self._inbox or self.other.closed:
            return True
        if timeout is None:
            raise RuntimeError("deadlock: this waits for a message, and no other process or thread runs that could send one")
        time.sleep(max(0.0, timeout))
        return False


def pipe(duplex):
    there, back = collections.deque(), collections.deque()
    first = Connection(there, back, True, duplex)
    second = Connection(back, there, duplex, True)
    first.other, second.other = second, first
    return first, second


def feed(queue, value):
    """Puts a value into a multiprocessing.Queue, which elsewhere a thread does."""
    try:
        queue._writer.send_bytes(_ForkingPickler.dumps(value))
    except Exception as error:
        queue._sem.release()
        queue._on_queue_feeder_error(error, value)
