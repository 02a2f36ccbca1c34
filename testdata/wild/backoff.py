"""Retries on exceptions and results with several waits, handlers and coroutines."""

import asyncio
import itertools

import backoff

counter = itertools.count(1)


@backoff.on_exception(backoff.constant, ValueError, interval=0, max_tries=4, jitter=None, on_backoff=lambda d: print("again", d["tries"], d["wait"]), on_success=lambda d: print("done", d["tries"]))
def flaky():
    if next(counter) < 3:
        raise ValueError("no")
    return "yes"


print(flaky())


@backoff.on_exception(backoff.expo, (KeyError, ZeroDivisionError), max_tries=2, factor=0.001, jitter=None, on_giveup=lambda d: print("gave up", d["args"], d["exception"]))
def divide(a, b):
    return a // b


try:
    divide(1, 0)
except ZeroDivisionError as error:
    print(type(error).__name__)


@backoff.on_predicate(backoff.fibo, lambda value: value < 3, max_value=0, jitter=None)
def poll(values=iter([1, 2, 3])):
    return next(values)


@backoff.on_exception(backoff.runtime, OSError, value=lambda error: 0, giveup=lambda error: error.errno == 2, jitter=None)
async def coroutine():
    raise OSError(2, "fatal")


print(poll(), list(itertools.islice(backoff.expo(), 1, 6)), list(itertools.islice(backoff.fibo(max_value=5), 1, 8)))
try:
    asyncio.run(coroutine())
except OSError as error:
    print(error)
