# /// script
# dependencies = ["trio"]
# ///
"""Nurseries, time on a clock of its own, channels, cancellation and errors, in trio's own loop."""

import trio
import trio.testing


async def child(name, delay, log):
    await trio.sleep(delay)
    log.append((name, round(trio.current_time(), 3)))


async def main():
    log = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(child, "a", 3, log)
        nursery.start_soon(child, "b", 1, log)
    print(log)
    with trio.move_on_after(5) as scope:
        await trio.sleep(100)
    print(scope.cancelled_caught)
    send, receive = trio.open_memory_channel(0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(produce, send)
        print([value async for value in receive])
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(child, "never", 50, log)
            raise ValueError("inside")
    except* ValueError as group:
        print(group.exceptions)
    lock = trio.Lock()
    async with lock:
        print(lock.locked(), lock.statistics().tasks_waiting)
    try:
        with trio.fail_after(1):
            await trio.sleep(2)
    except trio.TooSlowError as error:
        print(type(error).__name__)


async def produce(send):
    async with send:
        for i in range(3):
            await send.send(i * i)


trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))
