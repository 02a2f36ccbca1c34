"""What the command can show; each show is one coroutine that prints as it goes."""

import asyncio
import contextvars
import sys
from contextlib import asynccontextmanager

from . import pipeline

request = contextvars.ContextVar("request", default="none")


async def upper(line):
    """A step that lets others run in between."""
    await asyncio.sleep(0)
    return line.upper()


async def number(line):
    """A step that waits a moment, longer for longer lines."""
    await asyncio.sleep(len(line) / 10_000)
    return f"{len(line):>3} {line}"


async def lines():
    """Standard input through two steps."""
    results, counts = await pipeline.run((line.rstrip("\n") for line in sys.stdin), upper, number)
    for result in results:
        print(result)
    print("handled:", counts)


async def order():
    """Tasks end in the order of their delays, and `gather` keeps the order of its arguments."""
    finished = []

    async def nap(name, seconds):
        await asyncio.sleep(seconds)
        finished.append(name)
        return name.title()

    results = await asyncio.gather(nap("slow", 0.06), nap("quick", 0.0), nap("medium", 0.03))
    print("finished:", *finished)
    print("gathered:", *results)

    waiting = [asyncio.create_task(nap(name, delay)) for name, delay in (("b", 0.03), ("a", 0.0))]
    for next_done in asyncio.as_completed(waiting):
        print("completed:", await next_done)


async def timeouts():
    """Three ways to run out of time."""
    try:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()
    except TimeoutError:
        print("timeout: block")
    try:
        await asyncio.wait_for(asyncio.Queue().get(), timeout=0.01)
    except TimeoutError:
        print("timeout: queue")
    forever = asyncio.create_task(asyncio.sleep(3600), name="forever")
    done, pending = await asyncio.wait({forever}, timeout=0.01)
    print("timeout: wait", len(done), [task.get_name() for task in pending])
    forever.cancel()
    print("cancelled:", await asyncio.gather(forever, return_exceptions=True))
    async with asyncio.timeout(60):
        print("in time:", await asyncio.wait_for(asyncio.sleep(0, "done"), timeout=60))


async def failures():
    """One failing task cancels its group, and every failure is told."""

    async def fail(error, after):
        await asyncio.sleep(after)
        raise error

    async def survivor():
        try:
            await asyncio.sleep(3600)
        finally:
            print("cleaned up")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(survivor())
            group.create_task(fail(ValueError("bad value"), 0))
            group.create_task(fail(KeyError("no key"), 0))
    except* ValueError as errors:
        print("values:", [str(error) for error in errors.exceptions])
    except* KeyError as errors:
        print("keys:", [error.args[0] for error in errors.exceptions])


async def locks():
    """Locks, semaphores, events, a condition, context variables and an asynchronous context manager."""
    gate, limit, lock = asyncio.Event(), asyncio.Semaphore(2), asyncio.Lock()
    inside = most = 0

    async def visitor(name):
        nonlocal inside, most
        request.set(name)
        await gate.wait()
        async with limit:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            async with lock:
                print("visitor:", request.get())
            inside -= 1

    @asynccontextmanager
    async def opened(event):
        event.set()
        try:
            yield
        finally:
            event.clear()

    visitors = [asyncio.create_task(visitor(name)) for name in ("ada", "grace", "edsger")]
    async with opened(gate):
        await asyncio.gather(*visitors)
    print("most at once:", most, "gate open:", gate.is_set(), "request:", request.get())

    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, "soon")
    print("future:", await future)
    later = loop.create_future()
    loop.call_later(0.01, later.set_result, "later")
    print("future:", await later)


async def boom():
    """An exception that nobody catches."""
    await asyncio.sleep(0)
    raise RuntimeError("nobody catches this")


SHOWS = {show.__name__: show for show in (lines, order, timeouts, failures, locks, boom)}
