"""The event loop of WASI, in the place of CPython's unix_events.

CPython's loop wakes itself up through a pair of sockets. Here there is nothing to wake up for: no other thread and
no signal handler can run while the loop waits. So this loop has no such pair, and everything that needs threads or
processes fails with the exception that CPython uses for it and a message that says why. Signals come from the program
itself, so a handler only has to be put into the queue.
"""
import errno
import os
import selectors
import signal
import socket
import time
import types

from . import base_events
from . import coroutines
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
        self._handlers = {}
        # The paths of servers' sockets, to remove with them.
        self._paths = {}

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
        if coroutines.iscoroutine(callback) or coroutines.iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        _check_signal(sig)
        self._check_closed()
        handle = events.Handle(callback, args, self, None)
        try:
            signal.signal(sig, self._hear)
        except OSError as error:
            if error.errno == errno.EINVAL:
                raise RuntimeError(f"sig {sig} cannot be caught") from error
            raise
        self._handlers[sig] = handle

    def _hear(self, sig, frame):
        handle = self._handlers.get(sig)
        if handle is None:
            return
        if handle._cancelled:
            self.remove_signal_handler(sig)
        else:
            self._add_callback(handle)

    def remove_signal_handler(self, sig):
        _check_signal(sig)
        if self._handlers.pop(sig, None) is None:
            return False
        signal.signal(sig, signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL)
        return True

    def close(self):
        super().close()
        for sig in list(self._handlers):
            self.remove_signal_handler(sig)

    async def _make_subprocess_transport(self, *args, **kwargs):
        raise NotImplementedError("WASI has no processes")

    async def create_unix_connection(
        self, protocol_factory, path=None, *, ssl=None, sock=None, server_hostname=None,
        ssl_handshake_timeout=None, ssl_shutdown_timeout=None,
    ):
        if ssl:
            if server_hostname is None:
                raise ValueError("you have to pass server_hostname when using ssl")
        elif server_hostname is not None:
            raise ValueError("server_hostname is only meaningful with ssl")
        _check_timeouts(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        if path is None:
            if sock is None:
                raise ValueError("no path and sock were specified")
            _check_socket(sock)
            sock.setblocking(False)
        else:
            if sock is not None:
                raise ValueError("path and sock can not be specified at the same time")
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                sock.setblocking(False)
                await self.sock_connect(sock, os.fspath(path))
            except BaseException:
                sock.close()
                raise
        return await self._create_connection_transport(
            sock, protocol_factory, ssl, server_hostname,
            ssl_handshake_timeout=ssl_handshake_timeout, ssl_shutdown_timeout=ssl_shutdown_timeout,
        )

    async def create_unix_server(
        self, protocol_factory, path=None, *, sock=None, backlog=100, ssl=None, ssl_handshake_timeout=None,
        ssl_shutdown_timeout=None, start_serving=True, cleanup_socket=True,
    ):
        if isinstance(ssl, bool):
            raise TypeError("ssl argument must be an SSLContext or None")
        _check_timeouts(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        if path is None:
            if sock is None:
                raise ValueError("path was not specified, and no sock specified")
            _check_socket(sock)
        else:
            if sock is not None:
                raise ValueError("path and sock can not be specified at the same time")
            path = os.fspath(path)
            sock = _bind(path)
            if cleanup_socket and path[0] not in (0, "\0"):
                self._paths[sock] = path
        sock.setblocking(False)
        server = base_events.Server(
            self, [sock], protocol_factory, ssl, backlog, ssl_handshake_timeout, ssl_shutdown_timeout,
        )
        if start_serving:
            server._start_serving()
            # Its tasks get their turn before the caller goes on.
            await _next_turn()
        return server

    def _stop_serving(self, sock):
        path = self._paths.pop(sock, None)
        super()._stop_serving(sock)
        if path is not None:
            try:
                os.unlink(path)
            except FileNotFoundError:
                pass

    def _make_read_pipe_transport(self, pipe, protocol, waiter=None, extra=None):
        return _ReadPipeTransport(self, pipe, protocol, waiter, extra)

    def _make_write_pipe_transport(self, pipe, protocol, waiter=None, extra=None):
        return _WritePipeTransport(self, pipe, protocol, waiter, extra)


def _check_signal(sig):
    if not isinstance(sig, int):
        raise TypeError(f"sig must be an int, not {sig!r}")
    if sig not in signal.valid_signals():
        raise ValueError(f"invalid signal number {sig}")


def _check_timeouts(ssl, handshake, shutdown):
    for name, value in (("ssl_handshake_timeout", handshake), ("ssl_shutdown_timeout", shutdown)):
        if value is not None and not ssl:
            raise ValueError(f"{name} is only meaningful with ssl")


def _check_socket(sock):
    if sock.family != socket.AF_UNIX or sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A UNIX Domain Stream Socket was expected, got {sock!r}")


def _bind(path):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(path)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise OSError(errno.EADDRINUSE, f"Address {path!r} is already in use") from None
        raise
    except BaseException:
        sock.close()
        raise
    return sock


@types.coroutine
def _next_turn():
    yield


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
