"""Imports of modules that the bundle lacks. The names are computed, so that the resolver does not see them.

Expected beside it: `colorsys`, `json.tool` and `pack.gone` in the project or the base, and in etc/left-out.
"""
import importlib
import importlib.util
import sys

LEFT_OUT = ["color" + "sys", "json." + "tool", "pack." + "gone"]


def message(call, *arguments):
    try:
        call(*arguments)
    except ImportError as error:
        return type(error).__name__, error.name, str(error)
    raise AssertionError(arguments)


for name in LEFT_OUT:
    kind, missing, text = message(__import__, name)
    assert (kind, missing) == ("ModuleNotFoundError", name), (kind, missing)
    print(text)
    assert text.startswith(f"No module named {name!r}: it was left out") and f'include = ["{name}"]' in text
    assert message(importlib.import_module, name) == (kind, missing, text)
    assert importlib.util.find_spec(name) is None  # asking is no error
    assert name not in sys.modules
    package, _, last = name.rpartition(".")
    if package:
        kind, missing, text = message(exec, f"from {package} import {last}")
        print(text)
        assert (kind, missing) == ("ImportError", package) and "it was left out" in text
        kind, missing, text = message(exec, f"from {name} import x")
        assert (kind, missing) == ("ModuleNotFoundError", name)

# Nobody has these: CPython's own words.
assert message(__import__, "no_such" + "_module")[2] == "No module named 'no_such_module'"
assert message(__import__, "json.no_such" + "_module")[2] == "No module named 'json.no_such_module'"
assert message(exec, "from json import no_such_name")[2].startswith("cannot import name 'no_such_name' from 'json'")

# CPython has these, WASI has not.
for name in ("win" + "reg", "_tk" + "inter"):
    kind, missing, text = message(__import__, name)
    assert kind == "ModuleNotFoundError" and missing == name and "not on WASI" in text, text
print(text)

try:
    __import__(LEFT_OUT[0])
except ImportError as error:
    frames, link = [], error.__traceback__
    while link:
        frames.append(link.tb_frame.f_code.co_filename)
        link = link.tb_next
    assert frames == [__file__], frames  # no frame of importlib or of the finder
print("ok")
