"""What runs before an import shows in what is imported."""
import atexit
import decimal
import logging
import os
import sys
import warnings

logging.basicConfig(level=logging.INFO, format="main:%(levelname)s:%(name)s:%(message)s", stream=sys.stdout)
os.environ.setdefault("ORDER_MODE", "from main")
decimal.getcontext().prec = 7
warnings.simplefilter("error", DeprecationWarning)
atexit.register(print, "exit function of main, first")

import json

json.dumps = lambda value, **options: "patched"

import registry

registry.add("main before")
import plugins.one

registry.add("main between")
import plugins.two

registry.add("main after")


class Finder:
    """Makes modules whose names begin with made_."""

    asked = []

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        cls.asked.append(name)
        if name.startswith("made_"):
            from importlib.machinery import ModuleSpec

            return ModuleSpec(name, cls)
        return None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.VALUE = module.__name__.upper()


sys.meta_path.insert(0, Finder)
import uses_made
import package

atexit.register(print, "exit function of main, last")
print(registry.names)
print(package.SEEN)
print(uses_made.VALUE, [name for name in Finder.asked if "made" in name or "package" in name])
logging.getLogger("main").info("told by main")
logging.getLogger("main").debug("not told")
package.log()
