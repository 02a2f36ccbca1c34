"""Writes the module _pywasm_signatures: the text signatures of what is built in, which the base itself has no room for.

In: the names of the builtin modules; the native interpreter of the same version, which has the signatures, runs this.
Out: OUT/stdlib/_pywasm_signatures.py. inspect asks it (edits.json), in a program that asks for signatures.
"""

import importlib
import os
import types

HEAD = '''"""Text signatures of builtin functions and classes, by name. Written by the base's recipe."""


def find(thing):
    """The text signature of a builtin function, method or class, or None."""
    name = getattr(thing, "__qualname__", None)
    owner = getattr(thing, "__objclass__", None)
    bound = getattr(thing, "__self__", None)
    if owner is None and bound is not None and not isinstance(bound, type(builtins)):
        owner = bound if isinstance(bound, type) else type(bound)
    module = getattr(thing if owner is None else owner, "__module__", None)
    if type(name) is not str or type(module) is not str:
        return None
    _, found, rest = TABLE.partition(f"\\n{module}.{name} ")
    return rest.partition("\\n")[0] if found else None


import builtins

TABLE = """
'''

METHODS = types.MethodDescriptorType, types.ClassMethodDescriptorType, types.BuiltinFunctionType, staticmethod, classmethod


def write_signatures(out, modules):
    """Writes the module."""
    found = {}
    for name in modules:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        for value in list(vars(module).values()):
            take(found, value)
            if isinstance(value, type):
                for attribute, method in vars(value).items():
                    if isinstance(method, METHODS) and not attribute.startswith("__"):
                        take(found, method, value)
    lines = "".join(f"{name} {text}\n" for name, text in sorted(found.items()))
    with open(os.path.join(out, "stdlib/_pywasm_signatures.py"), "w", encoding="utf-8") as file:
        file.write(HEAD + lines.replace("\\", "\\\\") + '"""\n')


def take(found, thing, owner=None):
    """Takes the signature of a builtin function, method or class."""
    if not isinstance(thing, (type, types.BuiltinFunctionType, *METHODS)):
        return
    text = getattr(thing, "__text_signature__", None)
    module = (thing if owner is None else owner).__module__
    name = thing.__qualname__ if hasattr(thing, "__qualname__") else None
    if isinstance(text, str) and isinstance(module, str) and name and '"""' not in text:
        found[f"{module}.{name}"] = " ".join(text.split())
