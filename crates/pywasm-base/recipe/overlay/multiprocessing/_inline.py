"""ThreadPool on WASI, which has no threads: each task runs when it is given to the pool, in a thread state of a worker.

In: a new ThreadPool and its arguments. Out: the pool, ready; all of its methods stay as they are, above a queue that works at once.
"""
import os
import threading

from concurrent.futures.thread import _Worker

from .pool import RUN


class _Tasks:
    """The queue of tasks. What is put into it is done when put() returns."""

    def __init__(self, pool, worker):
        self.pool, self.worker = pool, worker

    def put(self, entry):
        if entry is None:
            return
        tasks, set_length = entry
        index = -1
        for job, index, function, arguments, keywords in tasks:
            result = self.worker.run(lambda: _call(function, arguments, keywords))
            if job in self.pool._cache:
                self.pool._cache[job]._set(index, result)
        if set_length:
            set_length(index + 1)


def _call(function, arguments, keywords):
    try:
        return True, function(*arguments, **keywords)
    except Exception as error:
        return False, error


class _Handler:
    """Stands for the threads that a pool has besides its workers."""

    exitcode, _state = None, RUN

    def __init__(self, workers):
        self.workers = workers

    def join(self, timeout=None):
        for worker in self.workers:
            worker.end()

    def put(self, item):
        pass


def prepare(pool, processes, initializer, initargs):
    pool._pool, pool._state, pool._terminate = [], "INIT", lambda: None
    processes = (os.process_cpu_count() or 1) if processes is None else processes
    if processes < 1:
        raise ValueError("Number of processes must be at least 1")
    if initializer is not None and not callable(initializer):
        raise TypeError("initializer must be a callable")
    workers = [_Worker(threading.Thread(name=f"Thread-{number} (worker)")) for number in range(1, processes + 1)]
    if initializer is not None:
        for worker in workers:
            worker.run(lambda: initializer(*initargs))
    handler = _Handler(workers)
    pool._cache, pool._processes = {}, processes
    pool._initializer, pool._initargs, pool._maxtasksperchild, pool._ctx = initializer, initargs, None, None
    pool._worker_handler = pool._task_handler = pool._result_handler = pool._change_notifier = handler
    pool._taskqueue = _Tasks(pool, workers[0])
    pool._pool = [handler] * processes
    pool._terminate = handler.join
    pool._state = RUN
