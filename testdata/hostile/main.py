"""Hostile input: each case must end in a Python exception, or well, but never in a trap.

In:  the names of groups of cases, or of single cases as GROUP.NAME; all cases where none is named.
Out: a line for each case: its name and the exception's, or `fine`. `docs/reference/engines.md` says where a native Python
     differs.
"""
import sys

import depths
import memory
import numbers_and_text
import objects
import readers

GROUPS = {module.__name__: module.CASES for module in (depths, memory, numbers_and_text, objects, readers)}
ENDS = (RecursionError, MemoryError, ValueError, OverflowError, SyntaxError)


def chosen(names):
    """The cases to run, as (name, function)."""
    for group, cases in GROUPS.items():
        for name, call in cases.items():
            if not names or group in names or f"{group}.{name}" in names:
                yield f"{group}.{name}", call


def outcome(call):
    """What becomes of a call: a value that is a text is shown."""
    limit = sys.getrecursionlimit()
    try:
        value = call()
    except Exception as error:
        # A parser of another kind has an exception of its own for the same.
        kind = next((end for end in ENDS if isinstance(error, end)), None)
        return type(error).__name__ if kind is not None else f"{type(error).__name__}: {error}"
    finally:
        sys.setrecursionlimit(limit)
    return value if isinstance(value, str) else "fine"


for name, call in chosen(sys.argv[1:]):
    print(name, end=": ", flush=True)
    print(outcome(call), flush=True)
print("ok")
