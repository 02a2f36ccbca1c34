"""The event loop of WASI, in the place of CPython's unix_events.

CPython's loop wakes itself up through a pair of sockets, which WASI preview 1 cannot make. Here there is
nothing to wake up for: no other thread and no signal handler can run while the loop waits. So this loop has
no such pair, and everything that needs threads, processes or signals fails with the exception that CPython
uses for it and a message that says why.
"""
import os
import selectors
import time

from . import events
from . import selector_events
from . import transports

__all__ = (
    "SelectorEventLoop",
    "AbstractChildWatcher", "SafeChildWatcher",
    "FastChildWatcher", "PidfdChildWatcher",
    "MultiLoopChildWatcher", "ThreadedChildWatcher",
    "DefaultEventLoopPolicy",
    "EventLoop",
)


class _Selector(selectors.PollSelector):
    def select(self, timeout=None):
        if self.get_map():
            return super().select(timeout)
        # WASI refuses a poll of nothing, and sleep() is finer than poll()'s milliseconds.
        if timeout is None:
            raise RuntimeError(
                "the event loop would wait forever: no callback is ready or scheduled, no file is watched, "
                "and WASI has no threads or signals that could wake it up"
            )
        if timeout > 0:
            time.sleep(timeout)
        return []


class _UnixSelectorEventLoop(selector_events.BaseSelectorEventLoop):
    """A selector event loop without a self-pipe."""

    def __init__(self, selector=None):
        super().__init__(_Selector() if selector is None else selector)

    def _make_self_pipe(self):
        pass

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        pass

    async def shutdown_default_executor(self, timeout=None):
        # Without the thread that CPython waits in: the executor has run everything by now.
        self._executor_shutdown_called = True
        if self._default_executor is not None:
            self._default_executor.shutdown()

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("WASI has no signals")

    def remove_signal_handler(self, sig):
        raise NotImplementedError("WASI has no signals")

    async def _make_subprocess_transport(self, *args, **kwargs):
        raise NotImplementedError("WASI has no processes")

    async def create_unix_connection(self, *args, **kwargs):
        raise NotImplementedError("WASI preview 1 has no Unix sockets")

    async def create_unix_server(self, *args, **kwargs):
        raise NotImplementedError("WASI preview 1 has no Unix sockets")

    def _make_read_pipe_transport(self, pipe, protocol, waiter=None, extra=None):
        return _ReadPipeTransport(self, pipe, protocol, waiter, extra)

    def _make_write_pipe_transport(self, pipe, protocol, waiter=None, extra=None):
        return _WritePipeTransport(self, pipe, protocol, waiter, extra)


class _PipeTransport(transports.BaseTransport):
    """What the two directions share: a file, its protocol, and the end."""

    def __init__(self, loop, pipe, protocol, waiter, extra):
        super().__init__(extra)
        self._extra["pipe"] = pipe
        self._loop = loop
        self._pipe = pipe
        self._fileno = pipe.fileno()
        self._protocol = protocol
        self._closing = False
        loop.call_soon(protocol.connection_made, self)
        if waiter is not None:
            loop.call_soon(lambda: waiter.cancelled() or waiter.set_result(None))

    def set_protocol(self, protocol):
        self._protocol = protocol

    def get_protocol(self):
        return self._protocol

    def is_closing(self):
        return self._closing

    def close(self):
        self._end(None)

    def _end(self, exception):
        if not self._closing:
            self._closing = True
            self._loop._remove_reader(self._fileno)
            self._loop.call_soon(self._lose_connection, exception)

    def _lose_connection(self, exception):
        try:
            self._protocol.connection_lost(exception)
        finally:
            self._pipe.close()


class _ReadPipeTransport(_PipeTransport, transports.ReadTransport):
    def __init__(self, loop, pipe, protocol, waiter, extra):
        super().__init__(loop, pipe, protocol, waiter, extra)
        self._paused = False
        loop.call_soon(self._watch)

    def _watch(self):
        if self.is_reading():
            self._loop._add_reader(self._fileno, self._read_ready)

    def _read_ready(self):
        try:
            data = os.read(self._fileno, 256 * 1024)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error)
            return
        if data:
            self._protocol.data_received(data)
        else:
            self._loop._remove_reader(self._fileno)
            self._loop.call_soon(self._protocol.eof_received)
            self._end(None)

    def is_reading(self):
        return not self._paused and not self._closing

    def pause_reading(self):
        if self.is_reading():
            self._paused = True
            self._loop._remove_reader(self._fileno)

    def resume_reading(self):
        if self._paused:
            self._paused = False
            self._watch()


class _WritePipeTransport(_PipeTransport, transports.WriteTransport):
    """Writes at once and waits for it: there is never anything in a buffer."""

    def write(self, data):
        data = memoryview(data).cast("B")
        while data and not self._closing:
            try:
                data = data[os.write(self._fileno, data):]
            except (BlockingIOError, InterruptedError):
                time.sleep(0.001)
            except OSError as error:
                self._end(error)

    def get_write_buffer_size(self):
        return 0

    def set_write_buffer_limits(self, high=None, low=None):
        pass

    def can_write_eof(self):
        return True

    def write_eof(self):
        self.close()

    def abort(self):
        self.close()


class AbstractChildWatcher:
    """The watchers' names are part of asyncio; there are no child processes to watch."""

    def add_child_handler(self, pid, callback, *args):
        raise NotImplementedError("WASI has no processes")

    def remove_child_handler(self, pid):
        raise NotImplementedError("WASI has no processes")

    def attach_loop(self, loop):
        pass

    def close(self):
        pass

    def is_active(self):
        return False

    def __enter__(self):
        return self

    def __exit__(self, a, b, c):
        pass


class PidfdChildWatcher(AbstractChildWatcher):
    pass


class SafeChildWatcher(AbstractChildWatcher):
    pass


class FastChildWatcher(AbstractChildWatcher):
    pass


class MultiLoopChildWatcher(AbstractChildWatcher):
    pass


class ThreadedChildWatcher(AbstractChildWatcher):
    pass


class _UnixDefaultEventLoopPolicy(events.BaseDefaultEventLoopPolicy):
    _loop_factory = _UnixSelectorEventLoop


SelectorEventLoop = _UnixSelectorEventLoop
DefaultEventLoopPolicy = _UnixDefaultEventLoopPolicy
EventLoop = SelectorEventLoop
