"""Runaway recursion ends in a Python exception, never in a trap, on the stack that a runtime gives by default.

Each line of the output names a case and the exception. Cases that crash CPython everywhere are not among them
(hash() of a deep tuple, a hundred thousand nested itertools.chain or functools.partial).
"""
import copy
import functools
import json
import marshal
import pickle
import re
import sys
import xml.etree.ElementTree as ElementTree

DEEP = 100_000


def nested():
    value = []
    for _ in range(DEEP):
        value = [value]
    return value


class Attribute:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class Special:
    def __repr__(self):
        return repr(self)

    def __str__(self):
        return "%s" % self

    def __format__(self, spec):
        return f"{self}"

    def __eq__(self, other):
        return self == other

    def __add__(self, other):
        return self + other

    def __call__(self):
        return self()

    def __hash__(self):
        return hash((self, 1))

    def __lt__(self, other):
        return sorted([self, other])

    def __iter__(self):
        return iter(list(self))

    @property
    def itself(self):
        return self.itself


class Making:
    def __new__(cls):
        return cls()


class Meta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, cls)


class Checked(metaclass=Meta):
    pass


@functools.lru_cache(None)
def cached(n):
    return cached(n + 1)


def plain():
    plain()


def generate():
    yield from generate()


def by_map(n):
    return list(map(by_map, [n]))


def by_key(n):
    return sorted([1, 2], key=by_key)


async def awaiting():
    await awaiting()


CASES = {
    "plain": plain,
    "cached": lambda: cached(0),
    "generate": lambda: list(generate()),
    "await": lambda: awaiting().send(None),
    "map": lambda: by_map(0),
    "sort key": lambda: by_key(0),
    "getattr": lambda: Attribute().name,
    "repr": lambda: repr(Special()),
    "str": lambda: str(Special()),
    "format": lambda: f"{Special()}",
    "eq": lambda: Special() == 1,
    "add": lambda: Special() + 1,
    "call": lambda: Special()(),
    "hash": lambda: hash(Special()),
    "lt": lambda: Special() < Special(),
    "iter": lambda: list(Special()),
    "property": lambda: Special().itself,
    "new": Making,
    "instance check": lambda: isinstance(1, Checked),
    "list repr": lambda: repr(nested()),
    "list eq": lambda: nested() == nested(),
    "json.dumps": lambda: json.dumps(nested()),
    "json.loads": lambda: json.loads("[" * DEEP),
    "copy.deepcopy": lambda: copy.deepcopy(nested()),
    "pickle.dumps": lambda: pickle.dumps(nested()),
    "marshal.dumps": lambda: marshal.dumps(nested()),
    "marshal.loads": lambda: marshal.loads(b"[\1\0\0\0" * DEEP),
    "re.compile": lambda: re.compile("(" * 5000 + ")" * 5000),
    "xml": lambda: ElementTree.tostring(ElementTree.fromstring("<a>" * 20_000 + "</a>" * 20_000)),
    "eval -": lambda: eval("-" * DEEP + "1"),
    "eval +": lambda: eval("+".join(["1"] * 50_000)),
    "eval (": lambda: eval("(" * 190 + ")" * 190),
    "eval not": lambda: eval("not " * 5000 + "1"),
    "eval **": lambda: eval("1**" * 5000 + "1"),
    "eval lambda": lambda: eval("lambda: " * 5000 + "1"),
    "eval .": lambda: eval("a" + ".b" * 5000),
    "eval ()": lambda: eval("a" + "()" * 5000),
    "eval else": lambda: eval("1 if 1 else " * 5000 + "1"),
    "exec elif": lambda: exec("if 0: pass\n" + "elif 0: pass\n" * 5000),
    "raised limit": lambda: (sys.setrecursionlimit(10**6), by_map(0)),
}

for name, call in CASES.items():
    try:
        call()
    except (RecursionError, MemoryError, ValueError, SyntaxError) as error:
        print(name, type(error).__name__)
    else:
        print(name, "fine")
print("ok")
