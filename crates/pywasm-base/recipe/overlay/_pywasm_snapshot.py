"""The Python half of what runs before a snapshot; recipe/runtime/snapshot.c is the other.

In:  etc/preinit, the modules to import: one name a line, in order, `?` before those that may fail to import.
Out: an interpreter that has imported them. On the way the host is told what the imports read of their surroundings.

Only the build runs this. Behind the snapshot the module is gone; of its functions, only closures that use no name
of the module are kept.
"""
import posix
import sys
import _frozen_importlib_external as _external
import _pywasm

# snapshot.c puts two functions here: `tell(line)` speaks to the host, `forget(path)` empties a file of the image.

_codes = {}
_recording = [True]
_environment = {}


def begin():
    """Puts watches where the host cannot see a read."""
    vars(sys)["argv"] = [""]
    sys.__class__ = _WatchedSys
    posix.environ = _WatchedEnvironment()
    # What is printed shows at once, so that the host sees which line prints.
    sys.stdout.reconfigure(write_through=True, line_buffering=True)
    for loader in (_external.SourceFileLoader, _external.SourcelessFileLoader):
        loader.get_code = _kept_code(loader.get_code, _codes, _recording)
        loader.exec_module = _watched_random(loader.exec_module)


class _WatchedSys(type(sys)):
    """`sys`, which says when somebody asks for the arguments."""

    @property
    def argv(self):
        tell("argv\t")
        return vars(self)["argv"]

    @argv.setter
    def argv(self, value):
        vars(self)["argv"] = value


class _WatchedEnvironment(dict):
    """What os.environ stands on, saying what is asked for. It is empty but for what the app puts there."""

    def __getitem__(self, name):
        tell("environment\t" + name.decode("utf-8", "replace").replace("\n", " "))
        return dict.__getitem__(self, name)

    def __iter__(self):
        tell("environment\t")
        return dict.__iter__(self)

    def __len__(self):
        tell("environment\t")
        return dict.__len__(self)


def _as_importlib(function):
    """Lets a function pass for importlib's own, so that its frames leave the tracebacks of failed imports."""
    function.__code__ = function.__code__.replace(co_filename=_external.SourceLoader.get_code.__code__.co_filename)
    return function


def _kept_code(get_code, codes, recording):
    """A loader's `get_code` that knows the code of each module in the snapshot, whose file is empty."""

    @_as_importlib
    def kept(self, fullname):
        path = self.get_filename(fullname)
        code = codes.get(path)
        if code is None:
            code = get_code(self, fullname)
            if recording[0]:
                codes[path] = code
        return code

    return kept


_restore_random = []


def _watched_random(exec_module):
    """A loader's `exec_module` that puts a watch into the module `random`: its numbers come from no host. In `types`
    it puts right what the watch on `sys` has made wrong: `ModuleType` is `type(sys)` there."""

    @_as_importlib
    def executed(self, module):
        exec_module(self, module)
        if module.__name__ == "random" and not _restore_random:
            _restore_random.append(_watch_random(module))
        if module.__name__ == "types":
            module.ModuleType = type(posix)

    return executed


def _watch_random(random):
    """Watches the generator behind random.random() and its like. Returns what takes the watch away, and says then
    whether the app has seeded the generator itself: its numbers are the app's wish from there on."""
    base, generator, recording, seeded = random.Random, random._inst, _recording, []

    def watch():
        if recording[0] and not seeded:
            tell("entropy\trandom")

    class Watched(base):
        def random(self):
            watch()
            return base.random(self)

        def getrandbits(self, k):
            watch()
            return base.getrandbits(self, k)

        def seed(self, *args, **kwargs):
            base.seed(self, *args, **kwargs)
            seeded[:] = [True] if args or kwargs else []

        def setstate(self, state):
            base.setstate(self, state)
            seeded[:] = [True]

    generator.__class__ = Watched
    originals = {}
    for name in ("random", "getrandbits", "seed", "setstate"):
        watched = getattr(generator, name)
        originals[id(watched)] = watched, vars(random)[name]
        setattr(random, name, watched)

    def restore():
        generator.__class__ = base
        for module in list(sys.modules.values()):
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if id(value) in originals:
                    setattr(module, name, originals[id(value)][1])
        return bool(seeded)

    return restore


def preload():
    """Imports what etc/preinit names."""
    try:
        names = _pywasm._read("/pywasm/etc/preinit").split()
    except FileNotFoundError:
        names = []
    for name in names:
        optional = name.startswith("?")
        try:
            __import__(name.lstrip("?"))
        except Exception:
            # The program catches it, be it an ImportError or what else a module raises on a foreign system.
            if not optional:
                raise


def finish():
    """Takes the watches away. Returns what resume.c asks for, in its order."""
    for module in list(sys.modules.values()):
        # The importer makes modules of the type of `sys`.
        if type(module) is _WatchedSys:
            module.__class__ = type(posix)
    sys.__class__ = type(posix)
    sys.__stdout__.reconfigure(write_through=False, line_buffering=False)
    _recording[0] = False
    for loader in (_external.SourceFileLoader, _external.SourcelessFileLoader):
        del loader.exec_module  # its base class has it
    environment = dict(dict.items(posix.environ))
    posix.environ = environment
    if "os" in sys.modules:
        os = sys.modules["os"]
        os.environ._data = environment
        os.environb._data = environment
    renewals = tuple(_renewals())
    ready = _entry_is_ready()
    code_paths = sorted(_codes)
    sys.modules.pop(__name__)
    own, foreign = [], []
    for name, module in sys.modules.items():
        tell("module\t" + name)
        file = getattr(module, "__file__", None) or ""
        (own if name == "__main__" or file.startswith("/pywasm/app/") else foreign).append(name)
    for path in code_paths:
        # A source that was kept is there for tracebacks.
        if path.endswith(".pyc"):
            forget(path)
    sys.path_importer_cache.clear()
    return environment, _renew_stream, renewals, frozenset(foreign), tuple(_idle_exits()), _thread_exits(), ready


def _idle_exits():
    """Exit functions with nothing to do yet: a list that grows when there is, and how to call the function off."""
    logging = sys.modules.get("logging")
    if logging is not None and [reference() for reference in logging._handlerList] == [logging.lastResort]:
        import atexit

        yield logging._handlerList, atexit.unregister, logging.shutdown


def _thread_exits():
    threading = sys.modules.get("threading")
    return None if threading is None else threading._threading_atexits


def _entry_is_ready():
    """Whether the code of `__main__` can be made ready without running any of the app."""
    name = _pywasm.entry["module"]
    if _pywasm.entry["kind"] == "script":
        return True
    parent = name.rpartition(".")[0]
    return _pywasm.entry["kind"] == "module" and (name in sys.modules or parent in sys.modules)


# ---- what the standard library reads when it is imported, and how that is made new at start ----


def _renew_stream(fd):
    """Sets a standard stream up again, for a terminal or a file: the same objects, since the app may hold them."""
    import sys

    name = ("__stdin__", "__stdout__", "__stderr__")[fd]
    text = getattr(sys, name)
    try:
        # A new one: the old one remembers that it cannot seek.
        raw = type(text.buffer.raw)(fd, "wb" if fd else "rb", closefd=False)
    except OSError:
        # Nothing is open there.
        setattr(sys, name.strip("_"), None)
        setattr(sys, name, None)
        return
    raw.name = f"<{name.strip('_')}>"
    buffer, encoding, errors = text.buffer, text.encoding, text.errors
    buffer.__init__(raw)
    text.__init__(buffer, encoding, errors, "\n", line_buffering=fd == 2 or raw.isatty())


def _renewals():
    """For each imported module that has read something: what makes it new. Tells the host that it is looked after."""
    for name, renewal in (
        ("random", _renew_random),
        ("logging", _renew_logging),
        ("zoneinfo._tzpath", _renew_zoneinfo),
        ("uuid", _renew_uuid),
        ("tempfile", _renew_tempfile),
        ("multiprocessing.process", _renew_multiprocessing),
        ("wsgiref.handlers", _renew_wsgiref),
    ):
        if name in sys.modules:
            tell("renewed\t" + name)
            function = renewal(sys.modules[name])
            if function is not None:
                yield function
    for name in ("_pyrepl.trace", "locale", "optparse", "pydoc", "selectors", "sysconfig"):
        # They read variables that say nothing to an artifact, or try whether a call works.
        if name in sys.modules:
            tell("renewed\t" + name)


def _renew_random(random):
    own_seed = any([restore() for restore in _restore_random])
    return None if own_seed else random.seed


def _renew_logging(logging):
    def renew():
        logging._startTime = logging.time.time_ns()

    return renew


def _renew_zoneinfo(tzpath):
    return tzpath.reset_tzpath


def _renew_uuid(uuid):
    def renew():
        uuid._node = uuid._last_timestamp = None

    return renew


def _renew_tempfile(tempfile):
    def renew():
        tempfile._name_sequence = tempfile.tempdir = None

    return renew


def _renew_multiprocessing(process):
    def renew():
        import os

        process._current_process._config["authkey"] = process.AuthenticationString(os.urandom(32))

    return renew


def _renew_wsgiref(handlers):
    def renew():
        handlers.BaseHandler.os_environ = handlers.read_environ()

    return renew
