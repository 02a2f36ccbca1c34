"""Runs one file of CPython's test suite.

In:  the folder that has the package `test`, and the name of a file in it, without its ending.
Out: what `outcomes.py` reports.
"""

import contextlib
import sys

# The docstrings of what is written in C, as an artifact has them that reads them.
with contextlib.suppress(ImportError):
    import _pywasm_docs

# The base has all of its modules. This one changes `Thread.start`, and is only in artifacts that choose so.
sys.builtin_module_names = tuple(name for name in sys.builtin_module_names if name != "_pywasm_eager")

import outcomes


def main(folder, name):
    sys.path.append(folder)
    outcomes.enter_folder()
    try:
        from test import support

        outcomes.claim_linux(support)
        module = __import__("test." + name, fromlist=["*"])
    except BaseException as error:
        module = error
    outcomes.run([module])


if __name__ == "__main__":
    main(*sys.argv[1:])
