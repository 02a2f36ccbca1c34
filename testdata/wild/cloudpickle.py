"""Pickles lambdas, closures, classes, enums, partials and coroutines of the main module by value."""

import asyncio
import dataclasses
import enum
import functools
import io
import pickle

import cloudpickle


def outer(n):
    count = 0

    def inner(x):
        nonlocal count
        count += 1
        return x * n + count

    return inner


@dataclasses.dataclass
class Point:
    x: int
    tags: list = dataclasses.field(default_factory=list)

    @property
    def double(self):
        return self.x * 2

    @staticmethod
    def make(x):
        return Point(x)


class Colour(enum.Enum):
    RED = 1


def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


async def coroutine(x):
    await asyncio.sleep(0)
    return x


def again(thing):
    return pickle.loads(cloudpickle.dumps(thing))


copy = again(outer(3))
print(copy(2), copy(2), again(lambda *a, k=5, **kw: (a, k, kw))(1, z=2), again(fact)(6))
print(again(Point(4, ["t"])).double, again(Point).make(3), again([Colour.RED])[0], again(functools.partial(fact, 5))(), asyncio.run(again(coroutine)(7)))
Local = type("Local", (Point,), {"hello": lambda self: f"hi {self.x}", "__slots__": ()})
print(again(Local)(9).hello(), again(type(None)), again({1: {2, 3}, "r": range(3)}), again(memoryview(b"ab")).tobytes() if False else again(io.StringIO("text")).read())
print(again((x for x in ()).__class__), again(print) is print, again(asyncio) is asyncio, again(property(lambda self: 3)).fget(None), len(cloudpickle.dumps(fact)) > 100)
try:
    cloudpickle.dumps(x for x in "ab")
except TypeError as error:
    print(error)
