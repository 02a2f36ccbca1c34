"""Makes named tuples of all sizes, and compares each constructor with what the compiler makes."""

import collections


def compiled(fields):
    names = ", ".join(fields) + ("," if len(fields) == 1 else "")
    scope = {"_tuple_new": tuple.__new__, "__builtins__": {}, "__name__": "compiled"}
    return eval(f"lambda _cls, {names}: _tuple_new(_cls, ({names}))", scope)


def describe(function):
    code = function.__code__
    parts = "argcount code consts names varnames stacksize flags filename name qualname firstlineno exceptiontable"
    lines = [line for _, _, line in code.co_lines()]
    return [getattr(code, f"co_{part}") for part in parts.split()], set(lines)


differing = []
for size in [*range(40), 62, 63, 64, 65, 254, 255, 256, 257, 300]:
    fields = [f"f{number}" for number in range(size)]
    made = collections.namedtuple("Made", fields)
    if describe(made.__new__) != describe(compiled(fields)):
        differing.append(size)
    assert list(made(*range(size))) == list(range(size)), size
print("different:", differing)

Point = collections.namedtuple("Point", "x y größe", defaults=[3])
print(Point(1, 2), Point(y=1, x=2), Point.__new__.__name__, Point.__new__.__module__, Point.__new__.__doc__)
print(Point._make([1, 2, 3])._replace(x=5)._asdict())
for arguments in [(), (1, 2, 3, 4)]:
    try:
        Point(*arguments)
    except TypeError as error:
        print(error)
for fields in ["x x", "class", "1a", "_x", "a-b", "x, if"]:
    try:
        print(collections.namedtuple("Bad", fields))
    except ValueError as error:
        print(error)
print(collections.namedtuple("Renamed", "x x class _y", rename=True)._fields)
print(collections.namedtuple("Greek", "α β")(1, 2))
try:
    eval("lambda _cls, if, x: _tuple_new(_cls, (if, x))")
except SyntaxError as error:
    print(error)
