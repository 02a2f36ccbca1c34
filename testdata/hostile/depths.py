"""Recursion without an end, and under a limit that nobody can reach."""
import functools
import sys
import types


def unlimited(function):
    """The same call where the program has raised the limit to what is absurd."""

    def call():
        sys.setrecursionlimit(10**9)
        return function()

    return call


def by_map(n):
    return list(map(by_map, [n]))


def by_key(n):
    return sorted([1, 2], key=by_key)


def by_reduce(n):
    return functools.reduce(lambda a, b: by_reduce(a), [n, n])


def by_comprehension(n):
    return [by_comprehension(n) for _ in range(1)]


def by_generator(n):
    yield from by_generator(n)


def by_with():
    class Manager:
        def __enter__(self):
            with self:
                pass

        def __exit__(self, *error):
            pass

    with Manager():
        pass


def by_except():
    try:
        raise ValueError
    except ValueError:
        by_except()


def by_finally():
    try:
        by_finally()
    finally:
        by_finally.__name__


def by_class():
    class Inner(metaclass=lambda *arguments: by_class()):
        pass


def by_init_subclass():
    class Outer:
        def __init_subclass__(cls):
            type("Inner", (cls,), {})

    class Inner(Outer):
        pass


def by_set_name():
    class Descriptor:
        def __set_name__(self, owner, name):
            type("Inner", (), {"field": Descriptor()})

    type("Outer", (), {"field": Descriptor()})


def by_import():
    import builtins

    real = builtins.__import__
    builtins.__import__ = lambda *arguments: __import__(*arguments)
    try:
        import json
    finally:
        builtins.__import__ = real


def by_exec():
    source = compile("exec(source, {'source': source})", "text", "exec")
    exec(source, {"source": source})


def by_trace():
    def trace(frame, event, argument):
        traced()
        return trace

    def traced():
        pass

    sys.settrace(trace)
    try:
        traced()
    finally:
        sys.settrace(None)


def by_partial():
    again = functools.partial(lambda same: same(same))
    again(again)


def by_method():
    class Method:
        def __call__(self, *others):
            return types.MethodType(self, 1)()

    Method()()


def mutual():
    def even(n):
        return odd(n + 1)

    def odd(n):
        return even(n + 1)

    even(0)


def made(**methods):
    return type("Made", (), methods)()


METHODS = {
    "bool": lambda: bool(made(__bool__=lambda self: bool(self))),
    "len": lambda: len(made(__len__=lambda self: len(self))),
    "contains": lambda: 1 in made(__contains__=lambda self, item: item in self),
    "index": lambda: range(made(__index__=lambda self: range(self))),
    "int": lambda: int(made(__int__=lambda self: int(self))),
    "getitem": lambda: made(__getitem__=lambda self, key: self[key])[0],
    "setattr": lambda: setattr(made(__setattr__=lambda self, name, value: setattr(self, name, value)), "a", 1),
    "getattribute": lambda: made(__getattribute__=lambda self, name: getattr(self, name)).a,
    "bytes": lambda: bytes(made(__bytes__=lambda self: bytes(self))),
    "iadd": lambda: made(__iadd__=lambda self, other: self.__iadd__(other)).__iadd__(1),
    "radd": lambda: 1 + made(__radd__=lambda self, other: other + self),
    "next": lambda: next(made(__iter__=lambda self: self, __next__=lambda self: next(self))),
    "del": lambda: made(__del__=lambda self: None) and "fine",
    "reversed": lambda: list(reversed(made(__reversed__=lambda self: reversed(self)))),
    "dir": lambda: dir(made(__dir__=lambda self: dir(self))),
    "round": lambda: round(made(__round__=lambda self, n=None: round(self))),
    "enter": by_with,
    "missing": lambda: type("D", (dict,), {"__missing__": lambda self, key: self[key]})()[0],
    "subclasscheck": lambda: issubclass(int, type("M", (type,), {"__subclasscheck__": lambda c, k: issubclass(k, c)})("C", (), {})),
    "prepare": lambda: type("M", (type,), {"__prepare__": classmethod(lambda c, *a: c.__prepare__(*a))}).__prepare__("x", ()),
    "mro": lambda: type("M", (type,), {"mro": lambda c: c.mro()})("C", (), {}),
    "fspath": lambda: open(made(__fspath__=lambda self: open(self))),
}

CASES = {
    "map": lambda: by_map(0),
    "key": lambda: by_key(0),
    "reduce": lambda: by_reduce(0),
    "comprehension": lambda: by_comprehension(0),
    "generator": lambda: list(by_generator(0)),
    "except": by_except,
    "finally": by_finally,
    "class": by_class,
    "init_subclass": by_init_subclass,
    "set_name": by_set_name,
    "import": by_import,
    "exec": by_exec,
    "trace": by_trace,
    "partial": by_partial,
    "method": by_method,
    "mutual": mutual,
    **{f"__{name}__": call for name, call in METHODS.items()},
    **{
        f"unlimited {name}": unlimited(call)
        for name, call in {
            "map": lambda: by_map(0),
            "key": lambda: by_key(0),
            "class": by_class,
            "exec": by_exec,
            "__bool__": METHODS["bool"],
            "__getattribute__": METHODS["getattribute"],
            "__fspath__": METHODS["fspath"],
        }.items()
    },
}
