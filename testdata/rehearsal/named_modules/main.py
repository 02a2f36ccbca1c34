"""Imports modules by literals that flow through variables, tables and arguments of functions."""

import importlib
import os
import pickle
import pkgutil
import runpy
from functools import partial

import configured


def start(name, **how):
    return runpy.run_module(name, **how)


def load(module, attribute="dumps"):
    return getattr(importlib.import_module(module), attribute)


def again(name):
    return load(module=name, attribute="rgb_to_hsv")


def execute(text):
    exec(text)


def default(name="zipapp"):
    return __import__(name).__name__


def resolve(name):
    return pkgutil.resolve_name(name)


class Loader:
    TABLE = {"rows": "csv", "settings": "configparser"}
    backend = "plistlib"

    def get(self, key):
        return importlib.import_module(self.TABLE[key])

    def own(self):
        return importlib.import_module(self.backend).__name__


print(start("tool.job", run_name="__main__")["VALUE"])
start("tool", alter_sys=True)
for package in ("tool.sub",):
    start(package)
here = os.path.dirname(os.path.abspath(__file__))
print(runpy.run_path(os.path.join(here, "tool"))["__name__"])
print(load("json")([1]))
name = "colorsys"
print(again(name)(1, 0, 0))
code = "import textwrap\nprint(textwrap.dedent('  a'))"
exec(code)
execute("import calendar\nprint(calendar.isleap(2020))")
execute(compile("from statistics import mean\nprint(mean([1, 2, 3]))", "x", "exec"))
print([Loader().get(key).__name__ for key in ("rows", "settings")], Loader().own())
modules = ["bisect", "heapq"]
print([importlib.import_module(module).__name__ for module in modules])
print([module.__name__ for module in map(importlib.import_module, ["sched"])])
print(partial(importlib.import_module, "shelve")().__name__)
chosen = {"backend": "wave"}
print(importlib.import_module(chosen["backend"]).__name__, default())
print(resolve("html.parser:HTMLParser").__name__, resolve("xml.sax.saxutils.escape")("<"))
PICKLES = [
    b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x07decimal\x94\x8c\x07Decimal\x94\x93\x94\x8c\x031.5\x94\x85\x94R\x94.",
    b"cfractions\nFraction\n(I1\nI3\ntR.",
    b"\x80\x02cuuid\nUUID\nq\x00)\x81q\x01}q\x02X\x03\x00\x00\x00intq\x03K\x07sb.",
    b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01K\x01K\x02s.",
]
print([pickle.loads(data) for data in PICKLES])
configured.run()
