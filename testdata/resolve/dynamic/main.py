import importlib
import sys
from importlib import import_module as load
from importlib.util import find_spec

importlib.import_module("plugins.one")
load(".two", package="plugins")
__import__("plugins.three", fromlist=["part"])
for name in ("four", "five"):
    load(f"plugins.{name}")
NAME = "plugins.six"
load(NAME)
if find_spec("perhaps") is not None:
    pass

def late(which):
    load(f"plugins.{which}_plugin")
    importlib.import_module(which)
    return __import__(sys.argv[1])
