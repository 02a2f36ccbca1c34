"""ThreadPoolExecutor on WASI, which has no threads: submit() runs the call at once, in a thread state of the pool's worker.

The call sees what it sees in a real worker: another threading.get_ident(), the worker's name, its own threading.local, context and
exceptions, which live as long as the worker. A call that waits for what its submitter would do later gets a RuntimeError.
"""
import itertools
import os
import queue
import threading
import types
import weakref

import _thread

from concurrent.futures import _base

_threads_queues = weakref.WeakKeyDictionary()
_shutdown = False
_global_shutdown_lock = threading.Lock()


def _python_exit():
    global _shutdown
    _shutdown = True


threading._register_atexit(_python_exit)


class BrokenThreadPool(_base.BrokenExecutor):
    """Raised when a worker's initializer failed."""


class _WorkItem:
    def __init__(self, future, fn, args, kwargs):
        self.future, self.fn, self.args, self.kwargs = future, fn, args, kwargs

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.fn(*self.args, **self.kwargs)
        except BaseException as error:
            self.future.set_exception(error)
            self = None  # breaks the cycle of the future, its exception and this frame
        else:
            self.future.set_result(result)

    __class_getitem__ = classmethod(types.GenericAlias)


class _Worker:
    """A thread that runs only while it is called."""

    def __init__(self, thread):
        import _pywasm_threads

        self.state, self.thread, self.run_in = _pywasm_threads.new(), thread, _pywasm_threads.run
        ident = _pywasm_threads.ident(self.state)
        thread._ident = thread._native_id = ident
        thread._handle = _thread._make_thread_handle(ident)
        thread._started.set()
        threading._active[ident] = thread

    def run(self, function):
        return self.run_in(self.state, function)

    def end(self):
        if self.state is not None:
            self.state = None
            threading._active.pop(self.thread._ident, None)
            self.thread._handle._set_done()


def _end(workers):
    for worker in workers:
        worker.end()


class ThreadPoolExecutor(_base.Executor):
    _counter = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is None:
            max_workers = min(32, (os.process_cpu_count() or 1) + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._work_queue = queue.SimpleQueue()
        self._idle_semaphore = threading.Semaphore(0)
        self._threads = set()
        self._broken = False
        self._shutdown = False
        self._shutdown_lock = threading.Lock()
        self._thread_name_prefix = thread_name_prefix or f"ThreadPoolExecutor-{self._counter()}"
        self._initializer = initializer
        self._initargs = initargs
        self._workers, self._idle = [], []
        weakref.finalize(self, _end, self._workers).atexit = False

    def submit(self, fn, /, *args, **kwargs):
        if self._broken:
            raise BrokenThreadPool(self._broken)
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if _shutdown:
            raise RuntimeError("cannot schedule new futures after interpreter shutdown")
        future = _base.Future()
        self._work_queue.put(_WorkItem(future, fn, args, kwargs))
        self._adjust_thread_count()
        return future

    def _adjust_thread_count(self):
        """Runs what is in the queue, where a worker is free: a call that submits another one may keep all of them."""
        if self._idle:
            worker = self._idle.pop()
        elif len(self._workers) < self._max_workers:
            worker = self._add_worker()
            if self._initializer is not None and not worker.run(self._initialize):
                self._idle.append(worker)
                return
        else:
            return
        try:
            worker.run(self._work)
        finally:
            self._idle.append(worker)
            if self._shutdown:
                _end(self._idle)

    def _add_worker(self):
        thread = threading.Thread(name=f"{self._thread_name_prefix or self}_{len(self._workers)}")
        worker = _Worker(thread)
        self._workers.append(worker)
        self._threads.add(thread)
        _threads_queues[thread] = self._work_queue
        return worker

    def _initialize(self):
        try:
            self._initializer(*self._initargs)
        except BaseException:
            _base.LOGGER.critical("Exception in initializer:", exc_info=True)
            self._initializer_failed()
            return False
        return True

    def _work(self):
        while True:
            try:
                item = self._work_queue.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                item.run()
                del item

    def _initializer_failed(self):
        self._broken = "A thread initializer failed, the thread pool is not usable anymore"
        for item in self._drain():
            item.future.set_exception(BrokenThreadPool(self._broken))

    def _drain(self):
        items = []
        while True:
            try:
                item = self._work_queue.get_nowait()
            except queue.Empty:
                return items
            if item is not None:
                items.append(item)

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shutdown = True
        if cancel_futures:
            for item in self._drain():
                item.future.cancel()
        _end(self._idle)

    submit.__doc__ = _base.Executor.submit.__doc__
    shutdown.__doc__ = _base.Executor.shutdown.__doc__


class _Waits(BaseException):
    """Ends the run of a thread that would wait for work."""


def serve(thread):
    """Starts a thread that takes its work from `thread.queue` in a loop: each put_nowait() runs the loop until the queue is empty."""
    worker, source = _Worker(thread), thread.queue
    take, put = source.get, source.put_nowait

    def get():
        try:
            return take(block=False)
        except queue.Empty:
            raise _Waits from None

    def run():
        try:
            thread.run()
        except _Waits:
            return False
        return True

    def put_and_run(item):
        put(item)
        if worker.state is not None and threading.get_ident() != thread._ident and worker.run(run):
            worker.end()

    source.get, source.put_nowait = get, put_and_run
