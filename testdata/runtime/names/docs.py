"""Prints as JSON the docstrings of modules, their functions and classes, and what classes hold, public names only.

In: the names of modules, one a line, on standard input. Out: by name, its docstring, or null.
"""
import contextlib
import importlib
import inspect
import io
import json
import sys
import types
import warnings

_KINDS = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)


def collect(found, prefix, thing, kinds):
    for name in sorted(vars(thing)):
        if name.startswith("_"):
            continue
        value = inspect.getattr_static(thing, name)
        if isinstance(value, (staticmethod, classmethod)):
            value = value.__func__
        if kinds is not None and not isinstance(value, kinds):
            continue
        found[f"{prefix}.{name}"] = text(value)
        if isinstance(value, type) and isinstance(thing, types.ModuleType):
            collect(found, f"{prefix}.{name}", value, (types.FunctionType, types.BuiltinFunctionType, property, *_OF_TYPES))


_OF_TYPES = (
    types.MethodDescriptorType, types.WrapperDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
    types.ClassMethodDescriptorType,
)


def text(thing):
    doc = thing.__doc__
    return doc if isinstance(doc, str) else None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for name in sys.stdin.read().split():
            try:
                module = importlib.import_module(name)
            except BaseException:
                continue
            found[name] = text(module)
            collect(found, name, module, _KINDS)
    print(json.dumps(found))
