"""Writes down what a program imports and opens: `pywasm trace` puts it into the image, and no artifact has it.

In:  an interpreter that is about to start the program, and a file that the host has mounted.
Out: lines in that file, one for each event, written at once, so that os._exit() and a trap lose nothing.

    asked TAB MODULE TAB WHO    WHO, a module, looks for a module that is not imported yet
    loaded TAB MODULE           it has been imported
    open TAB PATH               a file is opened
    raised TAB MODULE           the program ends with a ModuleNotFoundError for it

What the interpreter does for itself, such as to print a traceback, is not written: an event counts where the program
or one of its dependencies is on the stack.
"""
import atexit
import posix
import sys

_FILE = sys._getframe().f_code.co_filename
_MAIN = vars(sys.modules["__main__"])
_RECORD = posix.open("/.pywasm-trace/record", posix.O_WRONLY | posix.O_APPEND)

# Modules that were looked for, and of which it is not known yet what became of them.
_open = []


def _tell(kind, *fields):
    if any("\n" in field or "\t" in field for field in fields):
        return
    line = "\t".join((kind, *fields)) + "\n"
    posix.write(_RECORD, line.encode("utf-8", "surrogateescape"))


def _who():
    """The module that acts, or None where the program has no part in it."""
    frame, who = sys._getframe(1), None
    while frame is not None:
        file = frame.f_code.co_filename
        if file != _FILE and not file.startswith("<frozen importlib"):
            if who is None:
                who = str(frame.f_globals.get("__name__"))
            if file.startswith("/pywasm/app/") or "/site-packages/" in file or frame.f_globals is _MAIN:
                return who
        frame = frame.f_back
    return None


def _settle():
    for name in list(_open):
        module = sys.modules.get(name)
        if module is None:
            _open.remove(name)
            continue
        try:
            spec = object.__getattribute__(module, "__dict__").get("__spec__")
        except AttributeError:
            spec = None
        if not getattr(spec, "_initializing", False):
            _open.remove(name)
            _tell("loaded", name)


class _Finder:
    """The first finder: it finds nothing, and sees all that is looked for."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        _settle()
        who = _who()
        if who is not None:
            _tell("asked", name, who)
            _open.append(name)


def _hook(event, arguments):
    if event == "open" or event == "sqlite3.connect":
        path = arguments[0]
        if isinstance(path, bytes):
            path = path.decode("utf-8", "surrogateescape")
        if isinstance(path, str) and "\0" not in path:
            _settle()
            if _who() is not None:
                _tell("open", path if path.startswith("/") else posix.getcwd() + "/" + path)
    elif event == "sys.excepthook":
        error = arguments[2]
        if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
            _tell("raised", error.name)


def _exit(status, leave=posix._exit):
    _settle()
    leave(status)


posix._exit = _exit
if "os" in sys.modules:
    sys.modules["os"]._exit = _exit
sys.meta_path.insert(0, _Finder)
sys.addaudithook(_hook)
# The first that is registered is the last that is called.
atexit.register(_settle)
del sys.modules["atexit"]
