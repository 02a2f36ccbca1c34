"""Semaphores of `multiprocessing`, in one process: who would wait for ever gets an error, since nobody else can release one."""
import itertools
import threading
import time

flags = {"HAVE_SEM_OPEN": 1, "HAVE_SEM_TIMEDWAIT": 1}
_handles = itertools.count(1)
_named = {}


def sem_unlink(name, /):
    if _named.pop(name, None) is None:
        raise FileNotFoundError(2, "No such file or directory")


class SemLock:
    """A semaphore, or with kind 0 a mutex that its owner may take again."""

    SEM_VALUE_MAX = 0x7FFFFFFF

    def __new__(cls, kind, value, maxvalue, name, unlink):
        if kind not in (0, 1):
            raise ValueError("unrecognized kind")
        if name in _named:
            raise FileExistsError(17, "File exists")
        self = super().__new__(cls)
        self.kind, self.maxvalue, self.handle = kind, maxvalue, next(_handles)
        self.name = None if unlink else name
        self._value, self._held, self._owner = value, 0, None
        if not unlink:
            _named[name] = self
        return self

    @classmethod
    def _rebuild(cls, handle, kind, maxvalue, name, /):
        if name not in _named:
            raise FileNotFoundError(2, "No such file or directory")
        return _named[name]

    def acquire(self, block=True, timeout=None):
        me = threading.get_ident()
        if self.kind == 0 and self._is_mine():
            self._held += 1
            return True
        if self._value == 0:
            if not block:
                return False
            if timeout is None:
                raise RuntimeError("deadlock: no other process or thread runs that could release this semaphore")
            time.sleep(max(0.0, timeout))
            return False
        self._value -= 1
        self._held, self._owner = self._held + 1, me
        return True

    def release(self):
        if self.kind == 0:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif self._value >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._value += 1
        self._held -= 1

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type=None, exc_value=None, exc_tb=None, /):
        self.release()

    def _count(self):
        return self._held

    def _is_mine(self):
        return self._held > 0 and self._owner == threading.get_ident()

    def _get_value(self):
        return self._value

    def _is_zero(self):
        return self._value == 0

    def _after_fork(self):
        self._held = 0
