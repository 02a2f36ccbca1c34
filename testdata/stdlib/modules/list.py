"""Prints every module of the standard library that a native CPython imports, with all submodules, one name a line."""
import io
import pkgutil
import sys
import warnings

# Their import opens a browser or a window, prints a poem, or is a test.
NEVER = {"antigravity", "idlelib", "this", "test", "tkinter", "turtle", "turtledemo"}


def walk(name):
    if name in NEVER or name.endswith(".__main__") or ".tests" in name:
        return
    try:
        module = __import__(name, fromlist=["*"])
    except (ImportError, AttributeError):
        return
    print(name, file=output)
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        walk(f"{name}.{found.name}")


output, sys.stdout = sys.stdout, io.StringIO()
warnings.simplefilter("ignore")
for name in sorted(sys.stdlib_module_names):
    walk(name)
