"""Writes the module _pywasm_docs: the docstrings of what is built in, which the base is compiled without.

In: the names of the builtin modules; the native interpreter of the same version, which has the docstrings, runs this.
Out: OUT/stdlib/_pywasm_docs.py. An artifact whose program reads such docstrings imports it at its start.
"""

import importlib
import os
import sys

HEAD = '''"""Docstrings of what is built in, by name. Written by the base's recipe.

In: TABLE, the modules and types of a running program. Out: each of them, and all that they hold, with its docstring; also
those that come later.
"""

import sys

BUILT_IN = type(len), type(str.join), type(int.real), type(range.start), type(dict.__dict__["fromkeys"])
SLOTS = type(object.__init__), type(object().__str__)


def list_module(module):
    """Lists what a module holds, by names of its own. Functions written in Python stand for some that are not."""
    name = module.__name__
    yield name, module
    for key, value in list(vars(module).items()):
        if type(value) in (type(len), type(list_module)):
            yield f"{name}.{key}", value
        elif isinstance(value, type):
            yield from list_type(value)


def list_type(cls):
    """Lists what a type holds. What fills a slot of types has the same docstring in each."""
    name = f"{cls.__module__}.{cls.__qualname__}"
    yield f"type {name}", cls
    for key, value in list(vars(cls).items()):
        if type(value) is staticmethod:
            value = value.__func__
        if type(value) in SLOTS or key == "__new__":
            yield f"slot.{key}", value
        elif type(value) in BUILT_IN or type(value) is type(list_type):
            yield f"{name}.{key}", value


def list_types(known):
    """Lists the types in C that are not known yet, and what they hold."""
    waiting, seen = [object], set()
    while waiting:
        cls = waiting.pop()
        if cls in seen:
            continue
        seen.add(cls)
        waiting += type.__subclasses__(cls)
        if "__firstlineno__" not in vars(cls) and cls not in known:
            known.add(cls)
            yield from list_type(cls)
'''

TAIL = '''

def fill(found):
    """Gives docstrings to what has none."""
    for name, thing in found:
        if name in TABLE and not thing.__doc__:
            try:
                set_doc(thing, TABLE[name])
            except (AttributeError, TypeError):
                pass


# Modules that are written in Python here, and those that others complete.
STAND_FOR = {"_pywasm_os": "posix", "_pywasm_signal": "_signal", "_pywasm_socket": "_socket", "_pywasm_locale": "_locale"}


HOLDERS = {name.rpartition(".")[0] for name in TABLE} | {*TABLE}


def start():
    """Fills what is there, and sees to what comes."""
    import _frozen_importlib_external as external
    import _imp

    known = set()
    execute, execute_file = _imp.exec_builtin, external._LoaderBasics.exec_module

    def exec_builtin(mod, /):
        result = execute(mod)
        fill(list_module(mod))
        fill(list_types(known))
        return result

    def exec_module(self, module):
        execute_file(self, module)
        name = module.__name__
        if name in HOLDERS or name in STAND_FOR:
            fill(list_module(sys.modules[STAND_FOR.get(name, name)]))

    # Tracebacks leave out frames of the import system.
    for function in exec_builtin, exec_module:
        function.__code__ = function.__code__.replace(co_filename=execute_file.__code__.co_filename)
    _imp.exec_builtin, external._LoaderBasics.exec_module = exec_builtin, exec_module
    fill(list_types(known))
    for name, module in list(sys.modules.items()):
        if name in HOLDERS:
            fill(list_module(module))
    for name in "IOBase", "RawIOBase", "BufferedIOBase", "TextIOBase":
        getattr(io, name).__doc__ = getattr(io, name).__base__.__doc__


import io
from _pywasm_docstrings import set_doc

start()
'''

# Written in Python in an artifact, and in C elsewhere; and what gives names to functions in C.
STAND_INS = [
    "codecs", "threading",
    "_curses", "_curses_panel", "_multiprocessing", "_posixshmem", "_posixsubprocess", "_ssl", "fcntl", "grp", "mmap", "pwd",
    "readline", "resource", "syslog", "termios",
]


def write_docs(out, modules):
    """Writes the module."""
    walk = {}
    exec(HEAD, walk)
    found = []
    for name in sorted({*modules, *STAND_INS}):
        try:
            found += walk["list_module"](importlib.import_module(name))
        except ImportError:
            continue
    table = {}
    for name, thing in [*found, *walk["list_types"](set())]:
        text = None if is_python(thing) else thing.__doc__
        if isinstance(text, str) and text:
            table.setdefault(name, text)
    path = os.path.join(out, "stdlib/_pywasm_docs.py")
    names, texts = ("\0".join(part) for part in zip(*sorted(table.items())))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{HEAD}\n\nTABLE = dict(zip({names!a}.split('\\0'), {texts!a}.split('\\0')))\n{TAIL}")


def is_python(thing):
    """Whether something is written in Python, whatever module it names."""
    if isinstance(thing, type):
        return "__firstlineno__" in vars(thing) or thing.__module__ == __name__
    return type(thing) is type(is_python) or getattr(thing, "__file__", "").endswith(".py") and type(thing) is type(sys)
