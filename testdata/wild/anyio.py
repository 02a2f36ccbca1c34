"""Task groups, cancel scopes, events, streams, limiters, worker threads and files, on asyncio."""

import anyio
from anyio import to_thread


async def produce(stream):
    async with stream:
        for i in range(3):
            await stream.send(i)


async def fail():
    await anyio.sleep(0)
    raise ValueError("one")


async def main():
    send, receive = anyio.create_memory_object_stream(1)
    event = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(produce, send)
        async with receive:
            print([item async for item in receive])
        group.start_soon(event.wait)
        event.set()
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(10)
    print(scope.cancelled_caught, scope.cancel_called)
    try:
        with anyio.fail_after(0.01):
            await anyio.sleep_forever()
    except TimeoutError as error:
        print(type(error).__name__)
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(fail)
            group.start_soon(anyio.sleep, 10)
    except* ValueError as errors:
        print([str(error) for error in errors.exceptions])
    print(await to_thread.run_sync(lambda a: a * 2, 21), anyio.get_cancelled_exc_class().__name__)
    limiter = anyio.CapacityLimiter(2)
    async with limiter:
        print(limiter.borrowed_tokens, limiter.available_tokens)
    path = anyio.Path("/tmp/file.txt")
    await path.write_text("one\ntwo\n")
    async with await anyio.open_file(path) as file:
        print([line async for line in file], await path.exists(), path.suffix)
    async with anyio.create_task_group() as group:
        print(await group.start(started), anyio.current_time() > 0)
        group.cancel_scope.cancel()


async def started(*, task_status):
    task_status.started("ready")
    await anyio.sleep_forever()


anyio.run(main)
