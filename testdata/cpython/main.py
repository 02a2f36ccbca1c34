"""Runs one file of CPython's test suite.

In:  the folder that has the package `test`, and the name of a file in it, without its ending.
Out: what `outcomes.py` reports.
"""

import sys

# The base has all of its modules; of this one only artifacts know that ask for it, and it changes `Thread.start`.
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
