"""asyncio on the loop without a self-pipe: what must work works, what WASI cannot do says so.

Standard input: "one\ntwo\nthree". The last line of the output is "ok".
"""
import asyncio
import contextvars
import os
import sys
import time


async def order():
    seen = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, seen.append, "later")
    loop.call_soon(seen.append, "soon")
    loop.call_soon_threadsafe(seen.append, "threadsafe")
    await asyncio.sleep(0)
    seen.append("slept")
    await asyncio.sleep(0.04)
    assert seen == ["soon", "threadsafe", "slept", "later"], seen


async def gathering():
    async def double(n):
        await asyncio.sleep(0.001 * (5 - n))
        return 2 * n

    assert await asyncio.gather(*map(double, range(5))) == [0, 2, 4, 6, 8]
    results = await asyncio.gather(double(1), fail(), return_exceptions=True)
    assert results[0] == 2 and isinstance(results[1], ValueError)
    done, pending = await asyncio.wait([asyncio.create_task(double(n)) for n in range(3)])
    assert {task.result() for task in done} == {0, 2, 4} and not pending
    assert sorted([await future for future in asyncio.as_completed([double(1), double(2)])]) == [2, 4]


async def fail():
    raise ValueError("expected")


async def queues():
    queue = asyncio.Queue(maxsize=2)
    received = []

    async def produce():
        for n in range(6):
            await queue.put(n)
        await queue.put(None)

    async def consume():
        while (item := await queue.get()) is not None:
            received.append(item)

    async with asyncio.TaskGroup() as group:
        group.create_task(consume())
        group.create_task(produce())
    assert received == list(range(6))


async def timeouts():
    began = time.monotonic()
    try:
        await asyncio.wait_for(asyncio.sleep(60), 0.02)
    except TimeoutError:
        pass
    else:
        raise AssertionError
    try:
        async with asyncio.timeout(0.02):
            await asyncio.Event().wait()
    except TimeoutError:
        pass
    else:
        raise AssertionError
    assert await asyncio.wait_for(asyncio.sleep(0, "x"), 5) == "x"
    assert time.monotonic() - began < 30


async def groups():
    cancelled = []

    async def wait():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wait())
            group.create_task(fail())
    except* ValueError as errors:
        assert len(errors.exceptions) == 1
    assert cancelled == [1]


async def synchronisation():
    lock, event, semaphore = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(2)
    running, most = 0, 0

    async def work():
        nonlocal running, most
        async with semaphore:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*(work() for _ in range(6)))
    assert most == 2
    waiter = asyncio.create_task(event.wait())
    await asyncio.sleep(0)
    event.set()
    assert await waiter
    async with lock:
        assert lock.locked()


async def generators_and_contexts():
    variable = contextvars.ContextVar("variable")
    variable.set("outer")

    async def count():
        for n in range(3):
            await asyncio.sleep(0)
            yield n

    async def inner():
        variable.set("inner")
        return [n async for n in count()]

    assert await asyncio.create_task(inner()) == [0, 1, 2]
    assert variable.get() == "outer"


async def cannot():
    loop = asyncio.get_running_loop()

    async def refuses(kind, text, awaitable):
        try:
            await awaitable
        except kind as error:
            assert text in str(error), error
        else:
            raise AssertionError(text)

    # There are no threads, so these run at once.
    assert await asyncio.to_thread(str.upper, "text") == "TEXT"
    assert await loop.run_in_executor(None, len, "text") == 4
    await refuses(NotImplementedError, "WASI has no processes", asyncio.create_subprocess_exec("true"))
    await refuses(NotImplementedError, "WASI has no processes", asyncio.create_subprocess_shell("true"))


async def pipes():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    assert await reader.readline() == b"one\n"
    assert [line async for line in reader] == [b"two\n", b"three"]
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, open(1, "wb", 0, closefd=False))
    writer = asyncio.StreamWriter(transport, protocol, None, loop)
    writer.write(b"written through a pipe\n")
    await writer.drain()
    writer.close()


for step in (order, gathering, queues, timeouts, groups, synchronisation, generators_and_contexts, cannot):
    asyncio.run(step())
    print("ok", step.__name__, flush=True)
asyncio.run(pipes())
asyncio.run(order(), debug=True)

with asyncio.Runner() as runner:
    assert runner.run(asyncio.sleep(0, 1)) == 1 and runner.run(asyncio.sleep(0, 2)) == 2
    assert isinstance(runner.get_loop(), asyncio.SelectorEventLoop)

# Nothing can ever wake this loop up: an error, where CPython elsewhere would wait for ever.
try:
    asyncio.run(asyncio.Event().wait())
except RuntimeError as error:
    assert "wait forever" in str(error)
else:
    raise AssertionError

loop = asyncio.new_event_loop()
loop.call_later(0.01, loop.stop)
loop.run_forever()
loop.close()
for name in asyncio.__all__:
    getattr(asyncio, name)
print("ok")
