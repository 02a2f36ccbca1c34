"""Writes the module _pywasm_signatures: the text signatures of what is built in, which the base itself has no room for.

In: the names of the builtin modules; the native interpreter of the same version, which has the signatures, runs this.
Out: OUT/stdlib/_pywasm_signatures.py. inspect asks it (edits.json), in a program that asks for signatures.
"""

import importlib
import os
import re
import types

HEAD = '''"""Text signatures of builtin functions and classes, by name. Written by the base's recipe."""


def find(thing):
    """The text signature of a builtin function, method or class, or None. A slot has the same in each class."""
    if type(thing) in SLOTS:
        return look_up("slot." + thing.__name__)
    name = getattr(thing, "__qualname__", None)
    owner = getattr(thing, "__objclass__", None)
    bound = getattr(thing, "__self__", None)
    if owner is None and bound is not None and not isinstance(bound, type(builtins)):
        owner = bound if isinstance(bound, type) else type(bound)
    module = getattr(thing if owner is None else owner, "__module__", None)
    if type(name) is not str or type(module) is not str:
        return None
    return look_up(f"{module}.{name}")


def look_up(name):
    _, found, rest = TABLE.partition(f"\\n{name} ")
    return rest.partition("\\n")[0] if found else None


import builtins

SLOTS = type(object.__init__), type(object().__str__)

TABLE = """
'''

SLOTS = types.WrapperDescriptorType
METHODS = types.MethodDescriptorType, types.ClassMethodDescriptorType, types.BuiltinFunctionType, staticmethod, classmethod


def write_signatures(out, modules):
    """Writes the module."""
    found = {}
    for name in [*modules, "types"]:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        for value in list(vars(module).values()):
            take(found, value)
            if isinstance(value, type):
                take_methods(found, value)
    # No builtin module has names for these.
    for kind in (re.Match, re.Pattern):
        take_methods(found, kind)
    lines = "".join(f"{name} {text}\n" for name, text in sorted(found.items()))
    with open(os.path.join(out, "stdlib/_pywasm_signatures.py"), "w", encoding="utf-8") as file:
        file.write(HEAD + lines.replace("\\", "\\\\") + '"""\n')


def take_methods(found, kind):
    for method in vars(kind).values():
        if isinstance(method, METHODS):
            take(found, method, kind)
        elif isinstance(method, SLOTS) and method.__text_signature__:
            found.setdefault(f"slot.{method.__name__}", method.__text_signature__)


def take(found, thing, owner=None):
    """Takes the signature of a builtin function, method or class."""
    if not isinstance(thing, (type, types.BuiltinFunctionType, *METHODS)):
        return
    text = getattr(thing, "__text_signature__", None)
    module = (thing if owner is None else owner).__module__
    name = thing.__qualname__ if hasattr(thing, "__qualname__") else None
    if isinstance(text, str) and isinstance(module, str) and name and '"""' not in text:
        found[f"{module}.{name}"] = " ".join(text.split())
