"""Where objects hide that end with the program, and what their end sees."""
import atexit
import builtins
import functools
import importlib.abc
import importlib.machinery
import os
import sys
import weakref

import own


class Ends:
    def __init__(self, place):
        self.place = place

    def __del__(self):
        print("ends", self.place, sys is not None and sys.is_finalizing())


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name == "made":
            return importlib.machinery.ModuleSpec(name, self)

    def exec_module(self, module):
        module.value = Ends("in a module without a file")


class Quiet:
    pass


class Imports:
    def __del__(self):
        try:
            import csv

            print("imported", csv.__name__)
        except ImportError as error:
            print("not imported:", error)


@functools.lru_cache
def cached(number):
    return Ends("cached")


sys.meta_path.append(Finder())
import made

quiet = Quiet()
weakref.finalize(quiet, print, "finalized", own.VALUE)
sys.path_hooks.append(Ends("in path_hooks"))
sys.path_importer_cache["kept"] = Ends("in path_importer_cache")
mine = Ends("in __main__")
cycle = Ends("in a cycle")
cycle.itself = cycle
last = Imports()
cached(1)
# What these reach outlives all modules.
match os.environ.get("WHERE"):
    case "forks":
        os.register_at_fork(before=Ends("for a fork").__str__)
    case "library":
        functools.kept = Ends("in a module of the library")
    case "sys":
        sys.kept = Ends("in sys")
    case "builtins":
        builtins.kept = Ends("in builtins")
atexit.register(lambda: print("exit", own.VALUE, sys.is_finalizing()))
print("started")
sys.argv.append(Ends("in argv"))
