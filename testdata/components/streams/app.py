import asyncio

import wit_world
from componentize_py_async_support import spawn
from componentize_py_types import Err, Ok
from wit_world.imports import source

news = asyncio.Event()
text = ""


class WitWorld(wit_world.WitWorld):
    async def join(self, name):
        if not name:
            return await source.fail("a name is needed")
        return await source.meet(name)

    async def wait(self):
        await news.wait()
        return text

    def set(self, value):
        global text
        text = value
        news.set()

    async def upper(self, data):
        sender, receiver = wit_world.byte_stream()

        async def work():
            with data, sender:
                while not data.writer_dropped:
                    await sender.write_all((await data.read(7)).upper())

        spawn(work())
        return receiver

    async def total(self, numbers):
        result = 0
        with numbers:
            while not numbers.writer_dropped:
                result += sum(await numbers.read(100))
        return result

    async def squares(self, count):
        sender, receiver = wit_world.u64_stream()

        async def work():
            with sender:
                for number in range(count):
                    if not await sender.write([number * number]):
                        break

        spawn(work())
        return receiver

    async def largest(self, count):
        best = None
        with source.entries(count) as entries:
            while not entries.writer_dropped:
                for entry in await entries.read(2):
                    if best is None or entry.size > best.size:
                        best = entry
        return best

    async def send(self, size):
        sender, receiver = wit_world.byte_stream()

        async def work():
            with sender:
                await sender.write_all(bytes(size))

        sent = asyncio.create_task(work())
        counted = await source.count(receiver)
        await sent
        return counted

    async def later(self, value):
        writer, reader = wit_world.result_string_string_future(lambda: Err("nobody wrote"))
        spawn(writer.write(Ok(value)))
        return reader

    async def unwritten(self):
        writer, reader = wit_world.result_string_string_future(lambda: Err("nobody wrote"))
        del writer
        return reader

    async def ask(self):
        return await source.answer().read()

    async def asyncio_checks(self):
        results = []
        sender, receiver = wit_world.byte_stream()
        try:
            await asyncio.wait_for(receiver.read(10), 0.01)
        except TimeoutError:
            results.append("a read timed out")
        writing = asyncio.create_task(sender.write_all(b"still here"))
        results.append((await receiver.read(100)).decode())
        results.append(str(await writing))

        try:
            async with asyncio.timeout(0.01):
                await source.never()
        except TimeoutError:
            results.append("an import was cancelled")

        sleeper = asyncio.create_task(asyncio.sleep(1000))
        await asyncio.sleep(0)
        sleeper.cancel()
        results.append(type((await asyncio.gather(sleeper, return_exceptions=True))[0]).__name__)

        done = asyncio.Event()
        asyncio.get_running_loop().call_later(0.001, done.set)
        await done.wait()
        order = []

        async def note(name, seconds):
            await asyncio.sleep(seconds)
            order.append(name)

        async with asyncio.TaskGroup() as group:
            group.create_task(note("b", 0.02))
            group.create_task(note("a", 0.0))
            group.create_task(note("c", 0.04))
        results.append("".join(order))

        async def numbers():
            for number in range(3):
                yield number
                await asyncio.sleep(0)

        results.append(str([number async for number in numbers()]))
        results.append(await asyncio.to_thread(lambda: "beside"))
        queue = asyncio.Queue(1)

        async def put():
            for item in "xyz":
                await queue.put(item)

        putting = asyncio.create_task(put())
        results.append("".join([await queue.get() for _ in range(3)]))
        await putting
        # Both are ended when the call ends, as asyncio.run does.
        asyncio.create_task(asyncio.sleep(1000))
        asyncio.create_task(source.never())
        return results

    async def tokens(self, count, taken):
        tokens = [source.make(f"t{number}") for number in range(count)]
        sender, receiver = wit_world.source_token_stream()
        taking = asyncio.create_task(source.take(receiver, taken))
        written = await sender.write_all(tokens)
        await taking
        assert written == taken, written
        # What was not taken is still ours.
        return [token.name() for token in tokens[written:]]

    async def boom(self):
        await asyncio.sleep(0)
        raise ValueError("as asked")
