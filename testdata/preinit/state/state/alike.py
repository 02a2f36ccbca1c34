"""Objects that compare, pickle and copy by their class."""
import copy
import dataclasses
import enum
import functools
import pickle
from collections import namedtuple


@dataclasses.dataclass(frozen=True, order=True)
class Point:
    x: int
    y: int = 0


class Color(enum.Enum):
    RED = enum.auto()
    BLUE = enum.auto()


Pair = namedtuple("Pair", "left right")
PICKLED = pickle.dumps([Point(1, 2), Color.RED, Pair(1, 2)])


@functools.lru_cache
def doubled(number):
    return number * 2


doubled(1)
doubled(2)


@functools.singledispatch
def kind(value):
    return "any"


@kind.register
def _(value: int):
    return "int"


def check_pickle():
    print(pickle.loads(PICKLED) == [Point(1, 2), Color.RED, Pair(1, 2)])
    print(pickle.loads(pickle.dumps(Color.BLUE)) is Color.BLUE)
    print(pickle.dumps([Point(1, 2), Color.RED, Pair(1, 2)]) == PICKLED)
    print(copy.deepcopy({"point": Point(3)}), copy.copy(Pair("a", "b")))
    print(sorted([Point(2), Point(1, 5), Point(1)]), dataclasses.replace(Point(1), y=9))


def check_functools():
    doubled(2)
    doubled(3)
    print(doubled.cache_info(), kind(1), kind("1"))
    kind.register(str, lambda value: "str")
    print(kind("1"))
    doubled.cache_clear()
    print(doubled.cache_info())
