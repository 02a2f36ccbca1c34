"""Each kind of patch, and a module that sees it."""
import abc
import atexit
import builtins
import codecs
import collections.abc
import copy
import copyreg
import logging
import math
import sys
import types
import warnings

# An attribute of a module of the standard library.
math.tau = "patched tau"
# builtins
original_len = builtins.len
builtins.shout = lambda text: text.upper() + "!"
builtins.len = lambda thing: 103 if thing == "abc" else original_len(thing)
original_import = builtins.__import__
imported = []


def logged_import(name, *arguments, **options):
    if arguments and arguments[0] and arguments[0].get("__name__") in ("__main__", "sees", "sees_late"):
        imported.append(name)
    return original_import(name, *arguments, **options)


builtins.__import__ = logged_import
# sys.modules
sys.modules["absent_library"] = types.SimpleNamespace(answer=42)
sys.modules["blocked_library"] = None
stub = types.ModuleType("stub_package", "a stub")
stub.__path__ = []
sys.modules["stub_package"] = stub
sys.modules["stub_package.inner"] = types.ModuleType("stub_package.inner")
# ABC registries


class Sized:
    pass


collections.abc.Sequence.register(Sized)


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


@Shape.register
class Virtual:
    pass


# copyreg
class Point:
    def __init__(self, x):
        self.x = x

    def __copy__(self):
        return NotImplemented


del Point.__copy__
copyreg.pickle(Point, lambda point: (Point, (point.x + 1,)))


# codecs
def search(name):
    if name == "shouting":
        return codecs.CodecInfo(
            lambda text, errors="strict": (text.upper().encode(), original_len(text)),
            lambda data, errors="strict": (bytes(data).decode().lower(), original_len(data)),
            name="shouting",
        )


codecs.register(search)
codecs.register_error("starred", lambda error: ("*", error.end))
# warnings
warnings.filterwarnings("ignore", message="hidden")
warnings.filterwarnings("error", category=ResourceWarning)
shown = []
warnings.showwarning = lambda message, category, filename, lineno, file=None, line=None: shown.append(
    (str(message), category.__name__, filename.rpartition("/")[2], lineno)
)


# logging
class Logger(logging.Logger):
    def said(self, text):
        self.info("said %s", text)


logging.setLoggerClass(Logger)
logging.addLevelName(25, "NOTICE")


class Listed(logging.Handler):
    records = []

    def emit(self, record):
        self.records.append((record.name, record.levelname, record.getMessage(), record.funcName, record.lineno))


logging.getLogger().addHandler(Listed())
logging.getLogger().setLevel(1)


def factory(*arguments, **options):
    record = logging.LogRecord(*arguments, **options)
    record.msg = f"<{record.msg}>"
    return record


logging.setLogRecordFactory(factory)
# import hooks
from importlib.machinery import ModuleSpec


class Made:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == "made" else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.value = "made by a finder"


finder = Made()
sys.meta_path.append(finder)
hooked = []
sys.path_hooks.insert(0, lambda path: hooked.append(path) or original_raise(ImportError(path)))
sys.path.append("/not/there")


def original_raise(error):
    raise error


# exit functions
atexit.register(print, "registered")
atexit.register(print, "unregistered", 1)
atexit.unregister(print)
atexit.register(lambda: print("the exit function"))
# hooks of sys
sys.displayhook = lambda value: print("displayed", value)
sys.excepthook = lambda kind, error, trace: print("hooked", kind.__name__, error)
sys.unraisablehook = lambda info: print("unraisable", info.exc_value)
sys.setrecursionlimit(1234)
sys.setswitchinterval(0.25)
sys.ps1 = ">>> "
sys.dont_write_bytecode = True
sys.set_int_max_str_digits(700)
sys.tracebacklimit = 1
float_style = sys.float_repr_style

import sees

sees.value = "patched after the import"
print("the first line")
import sees_late

print(sees.SEEN)
print(sees_late.SEEN)
print(imported)
print(hooked == [] or [path.rpartition("/")[2] for path in hooked])
print(Listed.records)
print(shown)
print(copy.copy(Point(1)).x)
exec(compile("1 + 1", "made", "single"))


class Unraisable:
    def __del__(self):
        raise ValueError("in a finalizer")


Unraisable()
raise KeyError("at the end")
