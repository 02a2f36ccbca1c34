"""Stages that hand items on through bounded queues."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

type Step[A, B] = Callable[[A], Awaitable[B]]

END = object()


async def feed(items: Iterable, queue: asyncio.Queue) -> None:
    """Puts every item on a queue, then the end mark."""
    for item in items:
        await queue.put(item)
    await queue.put(END)


async def work(step: Step, source: asyncio.Queue, target: asyncio.Queue) -> int:
    """Moves items through one step until the end mark; returns how many there were."""
    done = 0
    while (item := await source.get()) is not END:
        await target.put(await step(item))
        done += 1
    await target.put(END)
    return done


async def drain(queue: asyncio.Queue) -> AsyncIterator:
    """Yields what comes out of a queue until the end mark."""
    while (item := await queue.get()) is not END:
        yield item


async def run(items: Iterable, *steps: Step, room: int = 2) -> tuple[list, list[int]]:
    """Runs items through all steps at once; returns the results and each step's count."""
    queues = [asyncio.Queue(maxsize=room) for _ in range(len(steps) + 1)]
    async with asyncio.TaskGroup() as group:
        group.create_task(feed(items, queues[0]), name="feed")
        workers = [
            group.create_task(work(step, source, target), name=step.__name__)
            for step, source, target in zip(steps, queues, queues[1:])
        ]
        results = [item async for item in drain(queues[-1])]
    return results, [worker.result() for worker in workers]
