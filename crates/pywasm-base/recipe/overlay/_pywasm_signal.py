"""What `_signal` has on Linux and WASI's lacks: the module puts it there, before `signal` takes its names.

Signals come from the program itself, through raise_signal() and os.kill(), and from its timer. Handlers, masks and default
actions are as on Linux.
"""
import _pywasm_signals as _signals
import _signal
from _operator import index as _index


class ItimerError(OSError):
    """A timer cannot be set."""


ItimerError.__module__ = "signal"


def _mask(signals):
    mask = 0
    for one in map(_index, signals):
        if not 1 <= one <= 64:
            raise ValueError(f"signal number {one} out of range [1; 64]")
        mask |= 1 << one - 1
    return mask


def _numbers(mask):
    return {one + 1 for one in range(64) if mask >> one & 1}


def pthread_kill(thread_id, signalnum, /):
    if signalnum:
        _signal.raise_signal(signalnum)


def pthread_sigmask(how, mask, /):
    old, mask = _signals.blocked(), _mask(mask)
    if how not in (0, 1, 2):
        raise OSError(22, "Invalid argument")
    _signals.block((old | mask, old & ~mask, mask)[how])
    return _numbers(old)


def sigpending():
    return _numbers(_signals.pending())


def sigwait(sigset, /):
    mask = _mask(sigset)
    while not mask & _signals.pending():
        pause()
    first = min(_numbers(mask & _signals.pending()))
    _signals.take(first)
    return first


def pause():
    if not _signals.get_timer()[0]:
        raise OSError(35, "Resource deadlock avoided")
    import time

    # The sleep goes on after a handler, and a timer that is over has none to come.
    before = _signals.count()
    while _signals.count() == before:
        time.sleep(_signals.get_timer()[0] / 1e9)


def valid_signals():
    return set(range(1, 32)) | set(range(34, 65))


def siginterrupt(signalnum, flag, /):
    if not 1 <= _index(signalnum) <= 64:
        raise ValueError("signal number out of range")


def alarm(seconds, /):
    left, _ = _signals.set_timer(_index(seconds) * 1000000000, 0)
    return (left + 999999999) // 1000000000


def _nanoseconds(seconds):
    if not isinstance(seconds, (int, float)):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
    if seconds < 0:
        raise ItimerError(22, "Invalid argument")
    # Microseconds, rounded up, as on Linux.
    return -int(-seconds * 1000000 // 1) * 1000


def _check_timer(which):
    if which not in (0, 1, 2):
        raise ItimerError(22, "Invalid argument")


def setitimer(which, seconds, interval=0.0, /):
    _check_timer(which)
    first, again = _nanoseconds(seconds), _nanoseconds(interval)
    if which == 0:
        return tuple(one / 1e9 for one in _signals.set_timer(first, again))
    if first:  # these count the time of a processor, which WASI does not tell
        raise ItimerError(38, "Function not implemented")
    return 0.0, 0.0


def getitimer(which, /):
    _check_timer(which)
    return tuple(one / 1e9 for one in _signals.get_timer()) if which == 0 else (0.0, 0.0)


_names = {name: value for name, value in globals().items() if not name.startswith("_")}
for _name, _value in _names.items():
    _value.__module__ = "signal" if _name == "ItimerError" else "_signal"
_names.update(
    ITIMER_REAL=0, ITIMER_VIRTUAL=1, ITIMER_PROF=2, SIG_BLOCK=0, SIG_UNBLOCK=1, SIG_SETMASK=2,
    SIGCLD=17, SIGRTMIN=34, SIGRTMAX=64,
)
vars(_signal).update(_names)
