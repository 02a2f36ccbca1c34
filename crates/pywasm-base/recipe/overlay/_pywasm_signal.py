"""What `_signal` has on Linux and WASI's lacks: the module puts it there, before `signal` takes its names.

Signals come from the program itself, through raise_signal() and os.kill(). Handlers, masks and default actions are as on
Linux; nothing else ever sends one, so a timer cannot be set.
"""
import _pywasm_signals as _signals
import _signal


class ItimerError(OSError):
    """A timer cannot be set."""


ItimerError.__module__ = "signal"


def _check(signalnum):
    if not 1 <= signalnum.__index__() <= 64:
        raise OSError(22, "Invalid argument")
    return int(signalnum)


def _mask(signals):
    mask = 0
    for one in signals:
        mask |= 1 << _check(one) - 1
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
    waiting = sorted(_numbers(_mask(sigset) & _signals.pending()))
    if not waiting:
        raise OSError(35, "Resource deadlock avoided")
    _signals.take(waiting[0])
    return waiting[0]


def pause():
    raise OSError(35, "Resource deadlock avoided")


def valid_signals():
    return set(range(1, 32)) | set(range(34, 65))


def siginterrupt(signalnum, flag, /):
    _check(signalnum)


def alarm(seconds, /):
    if seconds:
        raise OSError(38, "Function not implemented")
    return 0


def setitimer(which, seconds, interval=0.0, /):
    if which not in (0, 1, 2):
        raise ItimerError(28, "Invalid argument")
    if seconds:
        raise ItimerError(52, "Function not implemented")
    return 0.0, 0.0


def getitimer(which, /):
    if which not in (0, 1, 2):
        raise ItimerError(28, "Invalid argument")
    return 0.0, 0.0


_names = {name: value for name, value in globals().items() if not name.startswith("_")}
for _name, _value in _names.items():
    _value.__module__ = "signal" if _name == "ItimerError" else "_signal"
_names.update(
    ITIMER_REAL=0, ITIMER_VIRTUAL=1, ITIMER_PROF=2, SIG_BLOCK=0, SIG_UNBLOCK=1, SIG_SETMASK=2,
    SIGCLD=17, SIGRTMIN=34, SIGRTMAX=64,
)
vars(_signal).update(_names)
