"""Coroutines at the top level: suspended ones, and loops that run."""
import asyncio
import contextvars
import sys

variable = contextvars.ContextVar("variable", default="default")
token = variable.set("set at the top")
context = contextvars.copy_context()
log = []


class Awaitable:
    def __await__(self):
        value = yield "asked"
        return value


async def simple():
    log.append("begin")
    answer = await Awaitable()
    log.append(answer)
    try:
        await Awaitable()
    finally:
        log.append("closed")


coroutine = simple()
asked = coroutine.send(None)


async def ticks():
    for number in range(3):
        yield number


agen = ticks()
try:
    agen.__anext__().send(None)
except StopIteration as stop:
    log.append(stop.value)
sys.set_asyncgen_hooks(firstiter=lambda generator: log.append("first"))
import worker

print("stop", asked)
try:
    coroutine.send("answered")
    coroutine.close()
except StopIteration:
    log.append("stopped")


async def main():
    results = await asyncio.gather(worker.work(1), worker.work(2))
    async with asyncio.timeout(5):
        queue = asyncio.Queue()
        await queue.put(variable.get())
        results.append(await queue.get())
    return results, [number async for number in ticks()], variable.get()


print(asyncio.run(main()), log, context[variable], variable.get())
variable.reset(token)
print(variable.get(), worker.RESULT)
