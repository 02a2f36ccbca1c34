import signal
import faulthandler
import sys

got = []


def handler(number, frame):
    got.append((number, frame.f_code.co_name))


before = signal.signal(signal.SIGINT, handler)
print(before is signal.default_int_handler, signal.getsignal(signal.SIGINT) is handler)


def raises():
    signal.raise_signal(signal.SIGINT)


raises()
print(got)
signal.signal(signal.SIGINT, signal.SIG_IGN)
raises()
print(got, signal.getsignal(signal.SIGINT) == signal.SIG_IGN)
faulthandler.enable()
print(faulthandler.is_enabled())
