# Timers: a handler that runs during a sleep, a wait and a loop; intervals; errors.
import select
import signal
import socket
import time

seen = []


def handler(number, frame):
    seen.append(number)


class TooLate(Exception):
    pass


def give_up(number, frame):
    raise TooLate


def attempt(call, *args):
    try:
        print("done", call(*args))
    except (OSError, TypeError, OverflowError) as error:
        print(type(error).__name__, error.args)


signal.signal(signal.SIGALRM, handler)
print(signal.getitimer(signal.ITIMER_REAL), signal.alarm(0))
print(signal.setitimer(signal.ITIMER_REAL, 0.05))
left, interval = signal.getitimer(signal.ITIMER_REAL)
print(0 < left <= 0.05, interval)
start = time.monotonic()
time.sleep(0.15)
print(seen, time.monotonic() - start >= 0.15, signal.getitimer(signal.ITIMER_REAL))

signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
while len(seen) < 4:
    pass
print(signal.setitimer(signal.ITIMER_REAL, 0)[1], len(seen))

signal.signal(signal.SIGALRM, give_up)
signal.setitimer(signal.ITIMER_REAL, 0.03)
try:
    time.sleep(10)
except TooLate:
    print("sleep ended")
left, right = socket.socketpair()
for wait in (lambda: select.select([left], [], [], 10), lambda: poll.poll(10000), lambda: epoll.poll(10)):
    poll = select.poll()
    poll.register(left, select.POLLIN)
    epoll = select.epoll()
    epoll.register(left, select.EPOLLIN)
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    try:
        print(wait())
    except TooLate:
        print("wait ended")
signal.setitimer(signal.ITIMER_REAL, 0.03)
try:
    total = 0
    while True:
        total += 1
except TooLate:
    print("loop ended")

signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.02)
signal.pause()
print(len(seen))
print(signal.alarm(5), 4 <= signal.alarm(2) <= 5, signal.alarm(0))
attempt(signal.setitimer, 5, 1)
attempt(signal.getitimer, 7)
attempt(signal.setitimer, 0, -1)
attempt(signal.alarm, "x")
attempt(signal.alarm, 1.5)
print(signal.getitimer(signal.ITIMER_VIRTUAL))
