"""Containers that are deep, or contain themselves: what is written in C goes down into them."""
import ast
import copy
import functools
import gc
import itertools
import marshal
import operator
import pickle
import pprint
import reprlib
import types
import weakref

DEEP = 100_000


def nested(make, depth=DEEP):
    value = make(None)
    for _ in range(depth):
        value = make(value)
    return value


def as_list(value):
    return [value]


def as_tuple(value):
    return (value,)


def as_dict(value):
    return {"": value}


def itself():
    value = []
    value.append(value)
    return value


def two():
    first, second = [], []
    first.append(second)
    second.append(first)
    return first, second


def dict_itself():
    value = {}
    value[0] = value
    return value


class Node:
    def __init__(self, inner):
        self.inner = inner

    def __repr__(self):
        return f"Node({self.inner!r})"

    def __eq__(self, other):
        return self.inner == other.inner

    def __reduce__(self):
        return Node, (self.inner,)


class Slot:
    __slots__ = ("inner",)

    def __init__(self, inner):
        self.inner = inner


def chained(depth=1000):
    error = None
    for _ in range(depth):
        new = ValueError()
        new.__context__ = error
        error = new
    return error


def group(depth):
    error = ValueError()
    for _ in range(depth):
        error = ExceptionGroup("g", [error])
    return error


def union(depth):
    kind = list[int]
    for _ in range(depth):
        kind = list[kind]
    return kind


def subclasses(depth):
    kind = object
    for _ in range(depth):
        kind = type("Made", (kind,), {})
    return kind


def iterators(make, depth):
    value = iter(())
    for _ in range(depth):
        value = make(value)
    return value


def drop(value):
    """The value goes: its destructors run, level by level."""
    del value
    gc.collect()
    return "fine"


CASES = {
    **{
        f"{name} {kind.__name__.removeprefix('as_')}": functools.partial(lambda call, kind: call(nested(kind)), call, kind)
        for kind in (as_list, as_tuple, as_dict)
        for name, call in {
            "repr": repr,
            "str": str,
            "==": lambda value: value == copy_of(value),
            "deepcopy": copy.deepcopy,
            "pickle": pickle.dumps,
            "marshal": marshal.dumps,
            "pprint": pprint.pformat,
            "reprlib": reprlib.repr,
            "drop": drop,
            "format": lambda value: f"{value}",
        }.items()
    },
    "repr Node": lambda: repr(nested(Node)),
    "== Node": lambda: nested(Node) == nested(Node),
    "pickle Node": lambda: pickle.dumps(nested(Node)),
    "pickle Node by Python": lambda: pickle._dumps(nested(Node)),
    "deepcopy Node": lambda: copy.deepcopy(nested(Node)),
    "drop Node": lambda: drop(nested(Node)),
    "drop Slot": lambda: drop(nested(Slot)),
    "drop partial": lambda: drop(nested(lambda value: functools.partial(print, value), 10_000)),
    "drop cell": lambda: drop(nested(lambda value: lambda: value)),
    "drop generator": lambda: drop(nested(lambda value: (item for item in [value]))),
    "drop exceptions": lambda: drop(chained(DEEP)),
    "drop types": lambda: drop(subclasses(500)),
    "drop weakref": lambda: drop(nested(lambda value: weakref.WeakValueDictionary() if value is None else [value])),
    "drop chain": lambda: drop(iterators(lambda inner: itertools.chain(inner), 5000)),
    "drop zip": lambda: drop(iterators(zip, DEEP)),
    "drop map": lambda: drop(iterators(lambda inner: map(int, inner), DEEP)),
    "drop ast": lambda: drop(nested(lambda value: ast.UnaryOp(ast.Not(), value))),
    "drop proxy": lambda: drop(nested(lambda value: types.MappingProxyType({0: value}))),
    "drop memoryview": lambda: drop(nested(lambda value: memoryview(value or b"x"), 5000)),
    "list itself ==": lambda: itself() == itself(),
    "list itself <": lambda: itself() < itself(),
    "two lists ==": lambda: operator.eq(*two()),
    "dict itself ==": lambda: dict_itself() == dict_itself(),
    "list itself repr": lambda: repr(itself()),
    "list itself sort": lambda: sorted([itself(), itself()]),
    "list itself in": lambda: itself() in itself(),
    "list itself index": lambda: itself().index(itself()),
    "list itself pickle": lambda: pickle.loads(pickle.dumps(itself())) and None,
    "list itself deepcopy": lambda: copy.deepcopy(itself()) and None,
    "list itself marshal": lambda: marshal.loads(marshal.dumps(itself())) and None,
    "list itself pprint": lambda: pprint.pformat(itself()) and None,
    "deque itself": lambda: __import__("collections").deque([itself()]) == __import__("collections").deque([itself()]),
    "hash tuple": lambda: hash(nested(as_tuple, 300)) and None,
    "hash frozenset": lambda: hash(nested(lambda value: frozenset([value]), 5000)) and None,
    "hash generic": lambda: hash(union(300)) and None,
    "repr generic": lambda: repr(union(5000)),
    "generic ==": lambda: union(5000) == union(5000),
    "repr group": lambda: repr(group(300)) and None,
    "split group": lambda: group(5000).split(ValueError),
    "subgroup": lambda: group(5000).subgroup(lambda error: False),
    "traceback of chain": lambda: "".join(__import__("traceback").format_exception(chained(5000))) and None,
    "chain": lambda: list(iterators(lambda inner: itertools.chain(inner), 3000)),
    "zip": lambda: list(iterators(zip, 3000)),
    "map": lambda: list(iterators(lambda inner: map(int, inner), 3000)),
    "filter": lambda: list(iterators(lambda inner: filter(None, inner), 3000)),
    "enumerate": lambda: list(iterators(enumerate, 3000)),
    "islice": lambda: list(iterators(lambda inner: itertools.islice(inner, 10), 3000)),
    "isinstance": lambda: isinstance(1, nested(lambda value: (value or str,))),
    "issubclass": lambda: issubclass(int, nested(lambda value: (value or str,))),
    "except": lambda: caught_by(nested(lambda value: (value or KeyError,), 10)),
    "subclasses": lambda: subclasses(300).__mro__ and None,
    "partial": lambda: nested(lambda value: functools.partial(value or int), 3000)() and None,
    "proxy": lambda: len(nested(lambda value: types.MappingProxyType(value or {}), 3000)),
    "literal": lambda: ast.literal_eval("[" * 150 + "]" * 150) and None,
    "literal deep": lambda: ast.literal_eval("[" * DEEP + "]" * DEEP),
    "literal -": lambda: ast.literal_eval("-" * DEEP + "1"),
    "ast.dump": lambda: ast.dump(nested(lambda value: ast.UnaryOp(ast.Not(), value or ast.Constant(1)))),
    "ast.unparse": lambda: ast.unparse(nested(lambda value: ast.UnaryOp(ast.Not(), value or ast.Constant(1)))),
    "ast.walk": lambda: sum(1 for _ in ast.walk(nested(lambda value: ast.Expr(value)))) and None,
    "compile ast": lambda: compile(
        ast.fix_missing_locations(ast.Expression(nested(lambda value: ast.UnaryOp(ast.Not(), value or ast.Constant(1)), 900))), "text", "eval"
    )
    and None,
    "compile deep ast": lambda: compile(
        ast.Expression(nested(lambda value: ast.UnaryOp(ast.Not(), value or ast.Constant(1, lineno=1, col_offset=0), lineno=1, col_offset=0))),
        "text",
        "eval",
    ),
    "gc itself": lambda: [itself() for _ in range(1000)] and gc.collect() >= 0 and None,
    "union": lambda: functools.reduce(operator.or_, [type(f"C{n}", (), {}) for n in range(2000)]) and None,
}


def copy_of(value):
    """A container of the same shape."""
    return nested({list: as_list, tuple: as_tuple, dict: as_dict}[type(value)])


def caught_by(kinds):
    try:
        raise KeyError
    except kinds:
        return "fine"
