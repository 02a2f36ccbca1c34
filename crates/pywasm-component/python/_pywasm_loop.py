"""The asyncio loop of a component whose world is async.

In:  calls of async exports, and the events that the host has for them.
Out: what the host shall do next. There is one loop; each call of an export is a task of the host (`_Call`), and what it
     scheduled runs only in its turn, since imports and results belong to the task that is running.
"""

import asyncio
import contextvars
import heapq
import sys
import threading
import weakref
from asyncio import base_events, events
from collections import deque

import _pywasm_wit as _wit
from componentize_py_types import Err

_EXIT, _YIELD, _WAIT = 0, 1, 2
_NOTHING, _CANCELLED = 0, 6
# After so many rounds of ready handles the host is asked whether something else has happened.
_ROUNDS = 16

_owner = contextvars.ContextVar("_pywasm_owner")
# Starts a timer of the host, as an operation: set by `bind` where the world has one.
_wait_for = None


class _Call:
    """A call of an async export."""

    def __init__(self, number, which):
        self.number = number
        # The export's index.
        self.which = which
        self.ready = deque()
        self.timers = []
        # The timer of the host for the first of them, and when that is.
        self.clock = None
        self.clock_time = 0.0
        # What is called with an operation when it is over, by its waitable.
        self.waiting = {}
        self.set = 0
        self.is_waiting = False
        self.wakers = set()
        # Coroutines that keep the call alive: the export itself, and what was spawned.
        self.kept = 0
        self.main = None
        self.is_cancelled = False
        self.is_ending = False
        self.tasks = weakref.WeakSet()

    def watch(self, operation, done):
        """Calls `done()` in this call's turn when the operation is over."""
        if not self.set:
            self.set = _wit.set_new()
        _wit.join(operation.waitable, self.set)
        self.waiting[operation.waitable] = operation, done

    def cancel(self, operation):
        """Ends an operation that is watched."""
        self.waiting.pop(operation.waitable, None)
        operation.cancel()

    def wake(self):
        """Sees to it that the host gives this call a turn."""
        if self.is_waiting and not self.wakers:
            self.wakers.add(_wit.wake(self.set))

    def take(self, event, waitable, code):
        if waitable in self.wakers:
            self.wakers.remove(waitable)
            _wit.forget(waitable)
        elif event == _CANCELLED:
            self.is_cancelled = True
            if self.main is not None:
                self.main.cancel()
        elif waitable in self.waiting:
            operation, done = self.waiting[waitable]
            if operation.resolve(code):
                del self.waiting[waitable]
                done()

    def set_clock(self):
        """Lets the host wait for the first timer."""
        timers = self.timers
        while timers and timers[0]._cancelled:
            heapq.heappop(timers)._scheduled = False
        if self.clock is not None and (not timers or timers[0]._when < self.clock_time):
            self.cancel(self.clock)
            self.clock = None
        if timers and self.clock is None:
            self.clock_time = timers[0]._when
            clock = _wait_for(max(0, int((self.clock_time - _loop.time()) * 1e9)))
            if clock.waitable:
                self.clock = clock
                self.watch(clock, self.move_timers)
            else:
                self.move_timers()

    def move_timers(self):
        self.clock = None
        now = _loop.time() + _loop._clock_resolution
        while self.timers and self.timers[0]._when <= now:
            timer = heapq.heappop(self.timers)
            timer._scheduled = False
            self.ready.append(timer)


_calls = {}
_current = None
_loop = None


def _owner_of(context):
    """The call that a handle belongs to; the one that is running where its own has ended."""
    owner = context.get(_owner) if context is not None else _owner.get(None)
    if owner is None or owner.number not in _calls:
        owner = _current
    if owner is None:
        raise RuntimeError("asyncio works in async functions that the component exports, and none of them is running")
    return owner


class _Loop(base_events.BaseEventLoop):
    def _call_soon(self, callback, args, context):
        handle = events.Handle(callback, args, self, context)
        owner = _owner_of(handle._context)
        owner.ready.append(handle)
        if owner is not _current:
            owner.wake()
        return handle

    def call_at(self, when, callback, *args, context=None):
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()
        if _wait_for is None:
            raise NotImplementedError(
                "the component has no clock to wait for: let its world import wasi:clocks/monotonic-clock@0.3.0"
            )
        timer = events.TimerHandle(when, callback, args, self, context)
        owner = _owner_of(timer._context)
        heapq.heappush(owner.timers, timer)
        timer._scheduled = True
        if owner is not _current:
            owner.wake()
        return timer

    def _timer_handle_cancelled(self, handle):
        pass

    def _write_to_self(self):
        pass

    def create_task(self, coro, *, name=None, context=None):
        task = super().create_task(coro, name=name, context=context)
        owner = _owner_of(context)
        owner.tasks.add(task)
        if owner.is_ending:
            task.cancel()
        return task

    def _refuse(self, *args, **kwargs):
        raise NotImplementedError("the loop of a component knows no sockets, pipes and signals: use the world's imports")

    add_reader = remove_reader = add_writer = remove_writer = _refuse
    add_signal_handler = remove_signal_handler = _refuse
    _make_socket_transport = _make_ssl_transport = _make_datagram_transport = _refuse
    _make_read_pipe_transport = _make_write_pipe_transport = _make_subprocess_transport = _refuse

    async def _refuse_async(self, *args, **kwargs):
        self._refuse()

    sock_recv = sock_recv_into = sock_recvfrom = sock_recvfrom_into = _refuse_async
    sock_sendall = sock_sendto = sock_connect = sock_accept = _refuse_async
    create_unix_connection = create_unix_server = _refuse_async


async def wait(operation):
    """Waits for an operation, and returns its result. Who is cancelled meanwhile cancels the operation."""
    if not operation.waitable:
        return operation.result()
    if events._get_running_loop() is not _loop or _loop is None:
        raise RuntimeError("an async import is awaited in async functions that the component exports, or in tasks of theirs")
    owner = _owner_of(None)
    future = _loop.create_future()

    def done():
        if not future.done():
            future.set_result(None)

    owner.watch(operation, done)
    try:
        await future
    except asyncio.CancelledError:
        if operation.waitable:
            owner.cancel(operation)
        raise
    return operation.result()


async def _answer(which, call, function, arguments):
    """Runs an export, and hands its result to the caller."""
    owner = _owner.get()
    try:
        try:
            if isinstance(function, str):
                value = getattr(arguments[0], function)(*arguments[1:])
            else:
                value = function(*arguments)
            if hasattr(value, "__await__"):
                value = await value
            is_error = False
        except Err as error:
            if not _wit.task_has_error(call):
                raise
            value, is_error = error.value, True
        _wit.task_return(which, call, value, is_error)
    except asyncio.CancelledError as error:
        if not owner.is_cancelled:
            _fail(which, error)
        _wit.task_cancel(call)
    except Exception as error:
        _fail(which, error)
    owner.kept -= 1


async def _keep(which, coroutine):
    owner = _owner.get()
    try:
        await coroutine
    except asyncio.CancelledError:
        pass
    except Exception as error:
        _fail(which, error)
    owner.kept -= 1


def _fail(which, error):
    traceback = error.__traceback__.tb_next if error.__traceback__ is not None else None
    sys.excepthook(type(error), error.with_traceback(traceback), traceback)
    _wit.fail(which)


def spawn(coroutine):
    """Runs a coroutine that may go on after the export has returned, and keeps the call alive until then."""
    owner = _owner_of(None)
    owner.kept += 1
    owner.tasks.discard(_loop.create_task(_keep(owner.which, coroutine)))


def start(which, call, function, arguments):
    """Begins the call of an export. Returns what the host shall do."""
    global _loop
    if _loop is None:
        _loop = _Loop()
    number = 1
    while number in _calls:
        number += 1
    owner = _calls[number] = _Call(number, which)
    owner.kept = 1
    _wit.context_set(number)
    context = contextvars.copy_context()
    context.run(_owner.set, owner)

    def begin():
        owner.main = base_events.tasks.Task(_answer(which, call, function, arguments), loop=_loop, context=context)

    return _run(owner, begin)


def resume(number, event, waitable, code):
    """Goes on with a call for which there is an event. Returns what the host shall do."""
    owner = _calls[number]
    owner.is_waiting = False

    def take():
        if event != _NOTHING:
            owner.take(event, waitable, code)
            return
        # The host gave a turn for the handles that are ready: what has happened meanwhile is asked for.
        while owner.set:
            found = _wit.set_poll(owner.set)
            if found[0] == _NOTHING:
                break
            owner.take(*found)

    return _run(owner, take)


def _run(owner, first):
    global _current
    before = _current, events._get_running_loop(), sys.get_asyncgen_hooks()
    _current = owner
    _loop._thread_id = threading.get_ident()
    events._set_running_loop(_loop)
    sys.set_asyncgen_hooks(firstiter=_loop._asyncgen_firstiter_hook, finalizer=_loop._asyncgen_finalizer_hook)
    try:
        first()
        return _go_on(owner)
    finally:
        _current = before[0]
        events._set_running_loop(before[1])
        sys.set_asyncgen_hooks(*before[2])
        if before[0] is None:
            _loop._thread_id = None


def _go_on(owner):
    rounds = 0
    ready = owner.ready
    while True:
        while ready:
            for _ in range(len(ready)):
                handle = ready.popleft()
                if not handle._cancelled:
                    handle._run()
            rounds += 1
            if ready and rounds == _ROUNDS:
                return _YIELD
        owner.set_clock()
        if ready:
            continue
        if owner.kept == 0 and not _end(owner):
            return _EXIT
        if not ready:
            break
    if not owner.set:
        owner.set = _wit.set_new()
    owner.is_waiting = True
    return _WAIT | owner.set << 4


def _end(owner):
    """Ends what a call leaves behind, as asyncio.run does. Returns whether something is still to be waited for."""
    if not owner.is_ending:
        owner.is_ending = True
        for task in list(owner.tasks):
            task.cancel()
        if owner.ready:
            return True
    for timer in owner.timers:
        timer.cancel()
    owner.set_clock()
    if any(not task.done() for task in owner.tasks) or owner.waiting:
        return True
    for waker in owner.wakers:
        _wit.forget(waker)
    if owner.set:
        _wit.set_drop(owner.set)
    del _calls[owner.number]
    return False


def bind(wait_for):
    """Binds the loop to the glue. `wait_for(nanoseconds)` starts a timer, where the world has one."""
    global _wait_for
    _wait_for = wait_for
    _wit.bind_loop(start, resume)
