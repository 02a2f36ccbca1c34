"""Finds unused and undefined names, shadowed imports and mistakes in a source and by its reporter."""

import io

from pyflakes import api, checker, messages, reporter
import ast

SOURCE = '''
import os, sys as system
from math import *
def f(a, a2, unused=1):
    x = 1
    return undefined + sin(a)
class C:
    def m(self): return m2
    def m(self): pass
try: pass
except ValueError as error: pass
print("%s %s" % (1,), "{}".format(), f"no place")
def g():
    global nowhere
    for os in []: pass
    return {**{"k": 1, "k": 2}}
assert (1, "always")
if x is "text": pass
__all__ = ["missing"]
'''
found = checker.Checker(ast.parse(SOURCE), "sample.py").messages
for message in sorted(found, key=lambda one: (one.lineno, one.col)):
    print(message.lineno, type(message).__name__, message)
out, err = io.StringIO(), io.StringIO()
for source in ["def (:", "import a\n\nx: 'List[int]' = a", "print(1\n", "'ok'"]:
    print(api.check(source, "f.py", reporter.Reporter(out, err)))
print(out.getvalue(), err.getvalue())
print(issubclass(messages.UnusedImport, messages.Message), checker.PYPY, len([name for name in dir(messages) if name[0].isupper()]) > 40)
