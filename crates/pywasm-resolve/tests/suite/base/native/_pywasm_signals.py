"""Stands in for the base's builtin module: masks as numbers, by the native interpreter's own calls."""
import _signal
import posix

kill = posix.kill
_pending, _mask, _wait = _signal.sigpending, _signal.pthread_sigmask, _signal.sigwait


def _number(signals):
    mask = 0
    for one in signals:
        mask |= 1 << one - 1
    return mask


def block(mask):
    _mask(2, {one + 1 for one in range(64) if mask >> one & 1})


def blocked():
    return _number(_mask(0, ()))


def pending():
    return _number(_pending())


def take(signalnum):
    _wait({signalnum})
