import asyncio

LOCK = asyncio.Lock()
EVENT = asyncio.Event()


async def work(number):
    async with LOCK:
        await asyncio.sleep(0)
    return number * 2


RESULT = asyncio.run(work(21))
