# Timers: a handler that runs during a sleep, a wait, a read, a write and a loop; intervals; errors.
import os
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

# What a handler writes ends a read, and what it reads makes room for a write.
reader, writer = os.pipe()
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(("127.0.0.1", 0))


def later(do):
    signal.signal(signal.SIGALRM, lambda number, frame: do())
    signal.setitimer(signal.ITIMER_REAL, 0.02)


later(lambda: os.write(writer, b"from the handler"))
print(os.read(reader, 100))
later(lambda: os.write(writer, b"a line\n"))
with open(reader, "rb", closefd=False) as file:
    print(file.readline())
later(lambda: right.send(b"through a socket"))
print(left.recv(100))
attempt(left.recv, 100, socket.MSG_DONTWAIT)
attempt(datagrams.recv, 100, socket.MSG_DONTWAIT)
later(lambda: datagrams.sendto(b"to itself", datagrams.getsockname()))
print(datagrams.recv(100))
os.set_blocking(writer, False)
filled = 0
try:
    while True:
        filled += os.write(writer, b"x" * 4096)
except BlockingIOError:
    os.set_blocking(writer, True)
taken = []
later(lambda: taken.append(os.read(reader, 8192)))
print(filled, os.write(writer, b"y" * 100), len(taken[0]))
signal.signal(signal.SIGALRM, give_up)
while len(os.read(reader, 65536)) == 65536:
    pass
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    os.read(reader, 1)
except TooLate:
    print("read ended")

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(signal.sigwait([signal.SIGALRM]))
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])

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
