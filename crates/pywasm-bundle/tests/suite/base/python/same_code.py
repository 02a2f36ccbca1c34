"""Compares marshalled code with what the same source compiles to.

stdin: triples of file name, source and marshalled code, each with a 64-bit length before it.
stdout: a line for each difference.
"""

import marshal
import sys

# The test sets this to 1 where columns were dropped.
LINES_ONLY = 0

read = sys.stdin.buffer.read

CODE = [
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_stacksize", "co_flags",
    "co_code", "co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars",
    "co_nlocals", "co_filename", "co_name", "co_qualname", "co_firstlineno", "co_exceptiontable",
]  # fmt: skip


def lines(code):
    if LINES_ONLY:
        return tuple((line, line, None, None) for line, *_ in code.co_positions())
    return tuple(code.co_positions())


def differences(left, right, where):
    if type(left) is not type(right):
        yield f"{where}: {type(left)} and {type(right)}"
    elif isinstance(left, type(differences.__code__)):
        for name in CODE:
            inner = f"{where}.{left.co_name}.{name}"
            yield from differences(getattr(left, name), getattr(right, name), inner)
        yield from differences(lines(left), tuple(right.co_positions()), f"{where}.{left.co_name}")
        if tuple(left.co_lines()) != tuple(right.co_lines()):
            yield f"{where}.{left.co_name}: other lines"
    elif isinstance(left, tuple):
        if len(left) != len(right):
            yield f"{where}: {len(left)} and {len(right)} items"
        for index, (first, second) in enumerate(zip(left, right)):
            yield from differences(first, second, f"{where}[{index}]")
    elif isinstance(left, frozenset):
        # Sorted by what tells 1 from True and 0.0 from -0.0.
        key = lambda value: (type(value).__name__, repr(value))
        yield from differences(tuple(sorted(left, key=key)), tuple(sorted(right, key=key)), where)
    elif repr(left) != repr(right):
        yield f"{where}: {left!r} and {right!r}"
    elif isinstance(left, str) and sys._is_interned(left) and not sys._is_interned(right):
        yield f"{where}: {left!r} is no longer interned"


def block():
    return read(int.from_bytes(read(8), "little"))


while name := block().decode():
    source = block()
    loaded = marshal.loads(block())
    expected = compile(source, name, "exec", dont_inherit=True, optimize=0)
    for line in differences(expected, loaded, name):
        print(line)
