"""Every kind of statement at the top level, with a state that goes over the stop."""
from __future__ import annotations

import contextlib
import enum
import functools
from dataclasses import dataclass, field
from typing import NamedTuple

annotated: list[int] = [1]
only_annotated: Undefined
log = []

try:
    log.append("try")
except ValueError:
    log.append("never")
else:
    log.append("else")
finally:
    log.append("finally")

try:
    import module_that_is_missing
except ImportError as error:
    kept = error.name
    import fallback as chosen
else:
    chosen = None
log.append("error" in globals())

try:
    raise ExceptionGroup("group", [ValueError(1), KeyError(2)])
except* ValueError as group:
    log.append(str(group.exceptions))
except* KeyError:
    log.append("key")


@contextlib.contextmanager
def managed(name):
    log.append(f"enter {name}")
    try:
        yield name
    finally:
        log.append(f"leave {name}")


with managed("a") as first, managed("b"):
    inside = first
    import within

for number in range(4):
    if number == 1:
        continue
    if number == 3:
        break
    log.append(number)
    import looped
else:
    log.append("no break")

count = 0
while count < 3:
    count += 1
    if count == 2:
        import looped_while
else:
    log.append("while else")

match [1, {"key": (2, 3)}]:
    case [one, {"key": (two, _)}] if one:
        log.append(("matched", one, two))
        import matched
    case _:
        log.append("not matched")

if (walrus := len(log)) > 2 and not only_falsy(log) if "only_falsy" in globals() else True:
    log.append("if")
elif walrus:
    import never_one
else:
    import never_two

functions = [lambda offset=offset: offset + count for offset in range(3)]
late = [lambda: offset for offset in range(3)]
table = {key: [value for value in range(key)] for key in range(3)}
generator = (number * count for number in range(3))
next(generator)
chained = 1 < count <= 3 != 4
conditional = "yes" if count else "no"
a, *rest, (b, c) = 1, 2, 3, (4, 5)
a += 1
rest[0] -= 1
target = {}
target["x"], target["y"] = a, b
del a, target["x"]
assert chained, "chained"
text = f"{count!r:>3}|{count=}|{'nested ' + f'{b:02d}'}"


def make():
    global made
    made = "made"
    state = 0

    def step():
        nonlocal state
        state += 1
        return state

    return step


step = make()
step()
global at_top
at_top = 1


class Meta(type):
    def __prepare__(name, bases, **options):
        log.append(f"prepare {name} {options}")
        return {"prepared": True}

    def __new__(meta, name, bases, namespace, **options):
        return super().__new__(meta, name, bases, dict(namespace))

    def __init__(cls, name, bases, namespace, **options):
        super().__init__(name, bases, namespace)


class WithMeta(metaclass=Meta, option=1):
    """Its own docstring."""

    import within as inner_module

    numbers = [number for number in range(count)]
    for index in numbers:
        last = index
    if count:

        def method(self):
            return __class__

        def private(self):
            return self.__secret

    __secret = "secret"
    __slots__ = ()

    def __init_subclass__(cls, **options):
        log.append(f"subclass {cls.__name__} {options}")


class Child(WithMeta, kind="child"):
    def method(self):
        return super().method()

    class Inner:
        deep: int = 1


class Colour(enum.Enum):
    RED = enum.auto()
    GREEN = "green"

    @property
    def shout(self):
        return self.name + "!"


class Flag(enum.IntFlag):
    A = 1
    B = 2


@dataclass(frozen=True, order=True)
class Record:
    x: int
    y: list = field(default_factory=list, compare=False)


class Named(NamedTuple):
    one: int
    two: str = "two"


type Alias[T: int, *Ts, **P] = dict[T, Later]
type Simple = Never


def generic[T](value: T) -> T:
    return value


class Generic[T, U = int]:
    def method[V](self, value: V) -> tuple[T, V]:
        return value


@functools.singledispatch
def dispatched(value):
    return "object"


@dispatched.register
def _(value: int):
    return "int"


@functools.cache
def cached(value):
    log.append(f"computed {value}")
    return value


cached(1)


def counter():
    received = yield 0
    while True:
        received = yield received * 2


suspended = counter()
next(suspended)


class Descriptor:
    def __set_name__(self, owner, name):
        log.append(f"named {name} in {owner.__name__}")


class Owner:
    described = Descriptor()


import fallback as renamed; semicolon = 1; another = 2
if True: one_line = 1
...
"an expression"
print("stop")
print(log)
print(kept, chosen.NAME, inside, number, count, walrus, functions[1](), late[0](), table, list(generator))
print(chained, conditional, rest, b, c, target, "a" in globals(), text, made, step(), at_top)
print(WithMeta.numbers, WithMeta.last, Child().method(), WithMeta.__doc__, Child().private(), Child.Inner.__qualname__, WithMeta.inner_module.__name__)
print(Colour.RED, Colour("green").shout, Flag.A | Flag.B, Colour.RED is Colour["RED"], Record(1) < Record(2, [1]), Record(1), Named(1))
print(Alias, Alias.__type_params__, Simple.__module__, generic.__type_params__, Generic.__type_params__, Generic[int].__args__)
try:
    Simple.__value__
except NameError as error:
    print(error)
print(dispatched(1), dispatched(""), cached(1), cached(2), cached.cache_info(), suspended.send(4), suspended.gi_frame.f_lineno)
print(__annotations__, Record.__annotations__, Child.Inner.__annotations__, generic.__annotations__, __doc__)
print(make.__code__.co_firstlineno, Child.__firstlineno__, WithMeta.__static_attributes__, make.__globals__ is globals())
print(log[-2:])
