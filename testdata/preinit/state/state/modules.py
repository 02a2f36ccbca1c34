"""Modules of the snapshot that are imported again, loaded anew, or looked at."""
import __main__
import collections
import importlib
import importlib.util
import json
import pkgutil
import runpy
import string
import sys
import textwrap

from state import counted

MAIN = __main__
BEFORE = string.ascii_letters


def check_again():
    print(counted.COUNT, counted.times)
    again = importlib.reload(counted)
    print(again is counted, counted.COUNT, counted.times)
    del sys.modules["state.counted"]
    fresh = importlib.import_module("state.counted")
    print(fresh is counted, fresh.COUNT, fresh.times, fresh.__name__, fresh.Thing is counted.Thing)
    print(runpy.run_module("state.counted")["COUNT"], runpy.run_module("state.counted", run_name="other")["__name__"])


def check_standard_library_again():
    old = sys.modules.pop("json"), sys.modules.pop("textwrap"), sys.modules.pop("json.decoder")
    import json as json_again
    import textwrap as textwrap_again

    print(json_again is json, json_again.loads("[1]"), textwrap_again.dedent("  x"), old[0] is json)
    print(importlib.reload(string) is string, string.ascii_letters == BEFORE, textwrap.indent("a", "-"))
    import colorsys

    print(colorsys.rgb_to_hsv(1, 0, 0))


def check_looked_at():
    spec = importlib.util.find_spec("state.counted")
    print(spec.name, spec.has_location, counted.__spec__.name, counted.__package__, type(counted.__loader__).__name__)
    print(sorted(module.name for module in pkgutil.iter_modules(sys.modules["state"].__path__))[:3])
    print(MAIN is sys.modules["__main__"], "CHECKS" in vars(MAIN), MAIN.__name__, MAIN.__spec__.name, MAIN.__package__)
    print(sorted(name for name in vars(MAIN) if name.startswith("__")))
    print([name for name in ("_pywasm_snapshot", "posix") if name in sys.modules])
    code = counted.__loader__.get_code("state.counted")
    print(code.co_name, "COUNT" in code.co_names)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    print(module.COUNT, module is counted)
    print(collections.__spec__.name, type(sys), sys.__class__.__name__, sys.__name__)
