"""Reads docstrings of the standard library in every way that a build sees."""

import argparse
import cmd
import collections
import inspect
import json
import os
import pydoc
import textwrap
from concurrent.futures import ThreadPoolExecutor

import own

print(json.dumps.__doc__)
print(json.__doc__)
print(inspect.getdoc(textwrap.dedent))
print(inspect.getdoc(collections.Counter.most_common))
print(os.path.join.__doc__, os.makedirs.__doc__)
print(ThreadPoolExecutor.__doc__, inspect.getdoc(ThreadPoolExecutor.map))
print(argparse.__doc__)


class Encoder(json.JSONEncoder):
    def default(self, value):
        return repr(value)


print(inspect.getdoc(Encoder.default))
print(pydoc.render_doc("textwrap.dedent", renderer=pydoc.plaintext))
help(json.loads)
print(own.shown(textwrap.indent), getattr(own, "__doc__"))


class Shell(cmd.Cmd):
    def do_greet(self, name):
        """Greets somebody."""
        print("hello", name)

    def do_EOF(self, _):
        return True


shell = Shell()
shell.cmdqueue = ["help", "help greet", "help help", "greet you", "EOF"]
shell.cmdloop()
