"""Signals that a program sends to itself."""
import errno
import os
import signal
import sys

got = []


def handler(number, frame):
    got.append((number, frame.f_code.co_name))


def attempt(what, function, *arguments):
    try:
        print(what, function(*arguments))
    except OSError as error:
        print(what, type(error).__name__, errno.errorcode[error.errno], error.strerror)
    except (TypeError, ValueError) as error:
        print(what, type(error).__name__, error)


print(signal.signal(signal.SIGUSR1, handler), signal.getsignal(signal.SIGUSR1) is handler)
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
print(got, signal.strsignal(signal.SIGTERM), signal.Signals.SIGTERM.value, signal.SIGKILL)
print(signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1}))
signal.raise_signal(signal.SIGUSR1)
print(len(got), signal.sigpending(), signal.sigwait({signal.SIGUSR1}), signal.sigpending())
signal.raise_signal(signal.SIGUSR1)
print(len(got), signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1}), len(got))
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGUSR1)
for ignored in (signal.SIGCHLD, signal.SIGURG, signal.SIGWINCH):
    signal.raise_signal(ignored)
attempt("nobody", os.kill, 4_000_000, signal.SIGTERM)
attempt("not a signal", os.kill, os.getpid(), 99)
for number in (0, 65, 1.5, "1"):
    attempt("a mask", signal.pthread_sigmask, signal.SIG_BLOCK, [number])
    attempt("an interruption", signal.siginterrupt, number, True)
attempt("a question", os.kill, os.getpid(), 0)
attempt("no timer", signal.alarm, 0)
print(signal.getitimer(signal.ITIMER_REAL), len(signal.valid_signals()) > 60)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
print(os.waitstatus_to_exitcode(0x0300), os.WIFSIGNALED(9), os.WTERMSIG(9), os.WEXITSTATUS(512))
attempt("no child", os.wait)
attempt("no child", os.waitpid, -1, os.WNOHANG)
sys.stdout.flush()
