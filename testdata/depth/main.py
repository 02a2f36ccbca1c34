"""What Python code does far down: at a depth of 984 calls under the usual limit of 1,000, and of 1,000 and 5,000 where the
program has raised it.

Out: a line for each depth and each probe: what the probe gave, or the exception's name. The same under a native Python.
"""
import asyncio
import collections
import contextlib
import copy
import dataclasses
import decimal
import enum
import functools
import io
import json
import pickle
import re
import sys
import traceback
import types
import typing


def down(levels, probe):
    """Calls the probe from so many frames."""
    if levels == 0:
        return probe()
    return down(levels - 1, probe)


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: list = dataclasses.field(default_factory=list)


class Shape:
    def __init__(self, inner):
        self.inner = inner

    def __repr__(self):
        return f"Shape({self.inner!r})"

    def __eq__(self, other):
        return self.inner == other.inner

    def __hash__(self):
        return hash(self.inner)

    def __lt__(self, other):
        return self.inner < other.inner

    def __getattr__(self, name):
        return name.upper()

    def __format__(self, wanted):
        return f"<{self.inner:{wanted}}>"

    def __iter__(self):
        yield self.inner

    def __len__(self):
        return self.inner

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


class Checked:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner):
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        setattr(instance, self.name, int(value))


def exceptions():
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error
    except ValueError as error:
        return type(error.__cause__).__name__, len(traceback.format_exception(error, limit=2)) > 0


def groups():
    try:
        raise ExceptionGroup("both", [ValueError(1), KeyError(2)])
    except* ValueError as caught:
        found = len(caught.exceptions)
    except* KeyError as caught:
        found = len(caught.exceptions)
    return found


def generators():
    def inner():
        sent = yield 1
        yield sent

    def outer():
        yield from inner()

    running = outer()
    return next(running), running.send(2), sum(n for n in range(10))


def classes():
    class Made(metaclass=type("Meta", (type,), {})):
        field = Checked()

        def __init_subclass__(cls, **options):
            cls.options = options

    class Inner(Made, wanted=1):
        pass

    inner = Inner()
    inner.field = "3"
    return inner.field, Inner.options


def enums():
    return enum.Enum("Colour", "RED GREEN").GREEN.name


def contexts():
    @contextlib.contextmanager
    def opened():
        yield 1

    with opened() as one, Shape(2) as two, contextlib.ExitStack() as stack:
        stack.callback(int)
        return one, two.inner


def imports():
    import colorsys

    try:
        import this_is_nowhere
    except ImportError as error:
        return colorsys.__name__, error.name


def imported():
    import fnmatch
    import textwrap

    return textwrap.shorten("one two three", 9), fnmatch.fnmatch("a.py", "*.py")


def awaited():
    async def inner():
        await asyncio.sleep(0)
        return 1

    return asyncio.run(inner())


def evaluated():
    exec("def made(n):\n return [made(n - 1)] if n else []", globals())
    return eval("made(3)")


def matched():
    match {"a": [1, Point(2)]}:
        case {"a": [int(), Point(x=found)]}:
            return found


def recursion():
    return down(10**9, int)


PROBES = {
    "json.dumps": lambda: json.dumps({"a": [1, {"b": None}], "c": [[]]}, indent=1),
    "json.loads": lambda: json.loads('{"a": [1, {"b": null}]}'),
    "json hook": lambda: json.loads('{"a": {"b": 1}}', object_hook=lambda found: sorted(found)),
    "re": lambda: re.sub(r"(?P<a>\w)(\d+)", lambda found: found["a"], "a12 b3"),
    "re.compile": lambda: re.compile(r"((a|b)*[c-e]{2,3}?)+(?=x)").groups,
    "sorted": lambda: sorted("hello", key=lambda letter: (len(letter), -ord(letter))),
    "sort by methods": lambda: sorted([Shape(2), Shape(1)]),
    "cmp_to_key": lambda: sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: a - b)),
    "map": lambda: list(map(lambda n: list(map(lambda m: m + n, [1])), [1, 2])),
    "repr": lambda: repr([Shape(Shape(1))]),
    "format": lambda: f"{Shape(1):03d} {Shape('a')!r:>12}",
    "eq": lambda: (Shape(Shape(1)) == Shape(Shape(1)), Shape(1) in [Shape(2), Shape(1)]),
    "hash": lambda: len({Shape(1), Shape(1), Shape(2)}),
    "getattr": lambda: Shape(1).name,
    "iteration": lambda: ([*Shape(1)], bool(Shape(0))),
    "dataclass": lambda: (Point(1, [2]), Point(1) < Point(2), dataclasses.asdict(Point(1, [Point(2)]))),
    "dataclass made": lambda: dataclasses.make_dataclass("Made", ["a"])(1),
    "namedtuple": lambda: collections.namedtuple("Made", "a b")(1, 2),
    "exceptions": exceptions,
    "groups": groups,
    "generators": generators,
    "comprehensions": lambda: ([[n for n in range(m)] for m in range(3)], {n: n for n in "ab"}),
    "classes": classes,
    "enum": enums,
    "typing": lambda: typing.get_type_hints(type("Made", (), {"__annotations__": {"a": "list[int]"}})),
    "contexts": contexts,
    "imports": imports,
    "imported": imported,
    "async": awaited,
    "eval": evaluated,
    "match": matched,
    "copy": lambda: copy.deepcopy({"a": [Point(1)]}),
    "pickle": lambda: pickle.loads(pickle.dumps([Point(1), {2}])),
    "decimal": lambda: decimal.Decimal(1) / 3,
    "io": lambda: print("a", file=(file := io.StringIO())) or file.getvalue(),
    "lru_cache": lambda: functools.lru_cache(lambda n: n + 1)(1),
    "partial": lambda: functools.partial(int, base=2)("11"),
    "singledispatch": lambda: functools.singledispatch(lambda value: "any")(1),
    "closure": lambda: (lambda n: lambda: n)(1)(),
    "types.new_class": lambda: types.new_class("Made", (Shape,))(1),
    "traceback": lambda: len(traceback.extract_stack()) > 900,
    "recursion": recursion,
}


def outcome(probe):
    try:
        return repr(probe())
    except RecursionError as error:
        return type(error).__name__


def probe_all(depth):
    """Runs the probes; the event loop of an artifact needs fewer calls than a native one, so not where calls are few."""
    for name, probe in PROBES.items():
        if name != "async" or depth >= 1000:
            print(depth, name, outcome(probe), flush=True)


for depth, limit in (984, 1000), (1000, 1100), (5000, 5100):
    sys.setrecursionlimit(limit)
    down(depth, functools.partial(probe_all, depth))
print("ok")
