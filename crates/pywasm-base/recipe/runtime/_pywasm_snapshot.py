"""The Python half of what runs before a snapshot; snapshot.c is the other, and holds this one's bytecode.

Rehearses the program: runs it from its first statement, as it would run at the start, up to the step that the host's
plan names. Reports to the host what the program reads of its surroundings. Where the plan names no step, the host
stops the program at the first read that a snapshot cannot hold, and makes a plan of that.

A plan is a list of modules, each of which is in the middle of importing the next one, with the step that each has
come to (steps.c). They run as copies of their code. The last one ends at its step, and then everything unwinds; at
the start, each goes on from there, under the same importer and in the same frames as ever.

Only the build runs this. After the snapshot the module and its bytecode are gone; of its functions, only closures that
use no name of the module are kept.
"""
import builtins
import posix
import sys

# The program may patch `builtins`; what runs here afterwards does not use its patches.
__builtins__ = dict(vars(builtins))

import _frozen_importlib as _bootstrap
import _frozen_importlib_external as _external
import _pywasm

# snapshot.c puts these here: `tell(line)` speaks to the host, `forget(path)` empties a file of the image,
# `open_way(code)` takes the exception handlers out of a code object, OPCODES are numbers of instructions.

_LOADERS = _external.SourceFileLoader, _external.SourcelessFileLoader

_codes = {}
_recording = [True]

# The plan: name of each module to the step that it comes to.
_steps = {}
# Those that run by the plan: name to the module, its spec, the code that runs, and the module's own code.
_running = {}
# What the snapshot assumes: NAME for a variable that is not there, NAME=VALUE for one that is; paths, seen from `/`,
# that no folder of the host has; and standard streams that are no terminals.
_assumed = []
_missing = []
_no_terminals = []
# How the rehearsal has ended: "step" at the plan's, "call" before the entry's function, "end" with the program; None
# where there was none.
_ended = [None]
# sys.modules at the plan's step: all names, and what stood there for the modules of the plan.
_order = []
_entries = {}
_ABSENT = object()


class Stop(BaseException):
    """Unwinds the modules of the plan."""


def read_plan(text):
    """Takes the plan, as docs/internals/snapshot-protocol.md has it. Returns whether the program runs."""
    _put_watches()
    for line in text.splitlines():
        word, *values = line.split("\t")
        if word == "step":
            _steps[values[0]] = int(values[1])
        elif word == "variable":
            posix.environ._expect(*[value.encode() for value in values])
        elif word in ("absent", "equal"):
            _assumed.append("=".join(values).encode())
        elif word == "renew":
            _attributes.setdefault(values[0], []).append((values[1].split("."), values[2]))
        elif word == "missing":
            _missing.append(values[0].removeprefix("/").encode())
        elif word == "no-terminal":
            _no_terminals.append(int(values[0]))
    return text != "interpreter\n"


# ---- the program ----


def load_main():
    """Returns the code of `__main__`."""
    return _planned("__main__", sys.modules["__main__"], _pywasm.prepare_main())


def _names(module):
    """The dict of a module, or an empty one for what is none. Runs no code of the program's."""
    if not issubclass(type(module), type(posix)):
        return {}
    return type(posix).__dict__["__dict__"].__get__(module)


def _planned(name, module, code):
    """The code to run in place of a module's own."""
    if name in _attributes:
        import time

        _clocks[name] = time.localtime
        tell("renewed\t" + name)
    if name not in _steps:
        return code
    copy = _cut(code, _steps[name]) if _is_last(name) else code.replace()
    _running[name] = module, _names(module).get("__spec__"), copy, code
    return copy


def _is_last(name):
    return name in _steps and name == list(_steps)[-1]


def end_import():
    """The module of the entry's function is there."""
    _ended[0] = "call"


def end():
    """The code of `__main__` has come to its end."""
    if _ended[0] is None:
        _ended[0] = "step" if _is_last("__main__") else "end"


def _after(name, module):
    """The body of a module has come to its end: was that the plan's? `random` gets a watch: its numbers come from no
    host."""
    if _is_last(name) and name in _running:
        _ended[0] = "step"
        _order.extend(sys.modules)
        for running, (_, _, code, _) in _running.items():
            open_way(code)
            _entries[running] = sys.modules.get(running, _ABSENT)
        raise Stop
    if name in _attributes:
        _keep_attributes(name, module)
    if _RENEWALS.get(name) is not None and name not in _renewed:
        _renewed[name] = module, _RENEWALS[name][0](module)
        if name == "random":
            _restore_random.append(_watch_random(module))


def _cut(code, step):
    """The code up to its step."""
    *_, end = OPCODES
    units = bytearray(code.co_code)
    units[2 * step : 2 * step + 2] = bytes([end, 0])
    return code.replace(co_code=bytes(units))


def _rest(code, step):
    """The code from its step on: what lies before becomes a jump."""
    start, nothing, more, jump, _ = OPCODES
    units = bytearray(code.co_code)
    first = next(unit for unit in range(len(units) // 2) if units[2 * unit] == start) + 1
    gap = step - first
    if gap < 4:
        way = [nothing, 0] * gap
    else:
        length = gap - 3
        way = [more, length >> 16, more, length >> 8 & 255, jump, length & 255]
    units[2 * first : 2 * first + len(way)] = bytes(way)
    return code.replace(co_code=bytes(units))


# ---- watches, where the host cannot see a read ----


def _put_watches():
    sys.argv, sys.orig_argv = _arguments
    posix.environ = _WatchedEnvironment()
    for stream in (sys.stdout, sys.stderr):
        _set_buffer(stream, 1, 1)
    execute = _planned_exec(_planned, _after)
    for loader in _LOADERS:
        loader.get_code = _kept_code(loader.get_code, _codes, _recording)
        loader.exec_module = execute
    for name in _RENEWALS:
        tell("renewed\t" + name)


def begin():
    """The program's first statement is next."""
    tell("begin\t")


def _set_buffer(stream, characters, size):
    """How much of its output a stream holds back; None: as much as ever. What is printed has to show at once, so that the
    host sees which line prints."""
    try:
        stream.flush()
        stream._CHUNK_SIZE = characters
        raw = stream.buffer.raw
        stream.buffer.__init__(raw, size or raw._blksize)
    except (AttributeError, ValueError):
        pass  # the program has closed it, or taken it apart


class _WatchedArguments(list):
    """sys.argv, saying when somebody looks at what is in it."""

    __slots__ = ()


def _asking(base, message):
    """A method of `base` that reports first."""

    def asked(self, *arguments, **keywords):
        tell(message)
        return base(self, *arguments, **keywords)

    return asked


for _name in """__getitem__ __setitem__ __delitem__ __len__ __iter__ __contains__ __reversed__ __repr__
                __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __iadd__ __mul__ __rmul__ __imul__ __reduce_ex__
                append clear copy count extend index insert pop remove reverse sort""".split():
    setattr(_WatchedArguments, _name, _asking(getattr(list, _name), "argv\t"))

_arguments = _WatchedArguments(), _WatchedArguments()


# Variables that the program has taken out of the environment.
_removed = {}
# Variables that the project expects, as long as the program has not set them itself.
_expected = {}


class _WatchedEnvironment(dict):
    """What os.environ stands on, saying what is asked for. It has what the project expects, and what the program puts
    there."""

    def _expect(self, name, value):
        _expected[name] = True
        dict.__setitem__(self, name, value)

    def _ask(self, name):
        if name in _expected or name not in _removed and not dict.__contains__(self, name):
            tell("environment\t" + bytes(name).decode("utf-8", "replace").replace("\n", " "))

    def _ask_for_all(self):
        tell("environment\t" + ("*_proxy" if _wants_proxies() else ""))

    def __iter__(self):
        self._ask_for_all()
        return dict.__iter__(self)

    def __len__(self):
        # `list()` of it wants to know how much room it needs.
        self._ask_for_all()
        return dict.__len__(self)

    def __getitem__(self, name):
        self._ask(name)
        return dict.__getitem__(self, name)

    def get(self, name, default=None):
        self._ask(name)
        return dict.get(self, name, default)

    def __contains__(self, name):
        self._ask(name)
        return dict.__contains__(self, name)

    def __setitem__(self, name, value):
        _removed.pop(name, None)
        _expected.pop(name, None)
        dict.__setitem__(self, name, value)

    def __delitem__(self, name):
        self._ask(name)
        dict.__delitem__(self, name)
        _expected.pop(name, None)
        _removed[name] = True

    def pop(self, name, *default):
        self._ask(name)
        value = dict.pop(self, name, *default)
        _expected.pop(name, None)
        _removed[name] = True
        return value

    def setdefault(self, name, default=None):
        self._ask(name)
        return dict.setdefault(self, name, default)


_get_frame = sys._getframe


def _wants_proxies():
    """Whether urllib goes through the environment: of all names it wants those of proxies alone."""
    if any(name.lower().endswith(b"_proxy") for name in _expected):
        return False
    frame = _get_frame(2).f_back  # behind os.environ's own
    names = frame.f_globals if frame is not None else {}
    place = names.get("__name__"), names.get("__file__", "").startswith("/pywasm/lib/python3.13/urllib/")
    return place == ("urllib.request", True) and frame.f_code.co_name == "getproxies_environment"


for _name in """__eq__ __or__ __ror__ __reversed__ __repr__
                keys items values copy clear popitem update""".split():
    setattr(_WatchedEnvironment, _name, _asking(getattr(dict, _name), "environment\t"))


def _as_importlib(function, model):
    """Lets a function pass for one of importlib's own: in tracebacks, which leave its frames out, and for who looks at
    the frames. It may use importlib's names, and closures."""
    code = function.__code__.replace(
        co_filename=model.__code__.co_filename, co_name=model.__code__.co_name, co_qualname=model.__code__.co_qualname
    )
    return type(function)(code, model.__globals__, function.__name__, function.__defaults__, function.__closure__)


def _kept_code(get_code, codes, recording):
    """A loader's `get_code` that knows the code of each module in the snapshot, whose file is empty."""

    def kept(self, fullname):
        path = self.get_filename(fullname)
        code = codes.get(path)
        if code is None:
            code = get_code(self, fullname)
            if recording[0]:
                codes[path] = code
        return code

    return _as_importlib(kept, get_code)


def _planned_exec(planned, after):
    """A loader's `exec_module` that heeds the plan."""

    def exec_module(self, module):
        name = module.__name__
        code = self.get_code(name)
        if code is None:
            raise ImportError(f"cannot load module {name!r} when get_code() returns None")
        _bootstrap._call_with_frames_removed(exec, planned(name, module, code), module.__dict__)
        after(name, module)

    return _as_importlib(exec_module, _external.SourceFileLoader.exec_module)


_restore_random = []

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

        def getstate(self):
            watch()
            return base.getstate(self)

        def __reduce__(self):
            watch()
            return base.__reduce__(self)

        def setstate(self, state):
            base.setstate(self, state)
            seeded[:] = [True]

    generator.__class__ = Watched
    originals = {}
    for name in ("random", "getrandbits", "seed", "getstate", "setstate"):
        watched = getattr(generator, name)
        originals[id(watched)] = watched, vars(random)[name]
        setattr(random, name, watched)

    def restore():
        generator.__class__ = base
        for module in list(sys.modules.values()):
            names = _names(module)
            for name, value in list(names.items()):
                if id(value) in originals:
                    names[name] = originals[id(value)][1]
        return bool(seeded)

    return restore


# ---- the end ----


def finish():
    """Takes the watches away. Returns what resume.c asks for, in its order."""
    for arguments in _arguments:
        make_list(arguments)
    for stream in (sys.__stdout__, sys.__stderr__):
        _set_buffer(stream, 8192, None)
    _recording[0] = False
    main = _plan_rest()
    environment = {name: value for name, value in dict.items(posix.environ) if name not in _expected}
    posix.environ = environment
    if "os" in sys.modules:
        os = sys.modules["os"]
        os.environ._data = environment
        os.environb._data = environment
    renewals = tuple(_renewals())
    code_paths = sorted(_codes)
    library, packages = set(), set()
    for name, module in sys.modules.items():
        tell("module\t" + name)
        if _is_builtin(module):
            library.add(name)
            continue
        file = _names(module).get("__file__")
        if type(file) is str and file.startswith("/pywasm/lib/"):
            (packages if "/site-packages/" in file else library).add(name)
    for path in code_paths:
        # A source that was kept is there for tracebacks.
        if path.endswith(".pyc"):
            forget(path)
    _forget_folders()
    exits = tuple(_idle_exits()), _thread_exits()
    assumed, missing = (b"".join(line + b"\0" for line in lines) for lines in (_assumed, _missing))
    terminals = sum(1 << fd for fd in _no_terminals)
    own = environment, tuple(_removed), _renew_stream, renewals, library, packages, *exits, main
    half = tuple(module for module, _, _, _ in _running.values())
    return *own, assumed, missing, terminals, *_arguments, half


def _is_builtin(module):
    loader = _names(module).get("__loader__")
    return loader is _bootstrap.BuiltinImporter or loader is _bootstrap.FrozenImporter


def _forget_folders():
    """What the importer's own finders know of folders: those of the host may be others at the start."""
    finders = sys.path_importer_cache
    for path, finder in list(finders.items()):
        if type(finder) is _external.FileFinder or finder is None:
            if not path.startswith("/pywasm/"):
                del finders[path]
            elif finder is not None:
                finder.invalidate_caches()


def _plan_rest():
    """How the program goes on: the rest of the code of `__main__`, True for a program that is over, or None for one
    that has not begun."""
    for loader in _LOADERS:
        del loader.exec_module  # its base class has it
    if _ended[0] == "end":
        return True
    if _ended[0] is None:
        return _pywasm.prepare_main() if _entry_is_ready() else None
    main, pending = None, {}
    for name, (module, spec, _, code) in _running.items():
        rest = _rest(code, _steps[name])
        if name == "__main__":
            main = rest
        else:
            entry = _entries[name]
            pending[name] = module, spec, rest, entry, entry is not _ABSENT
    if pending:
        first = min(_order.index(name) for name in pending)
        _resume_imports(pending, tuple(_order[first:]))
    return main


# Modules that are imported whole, of packages that are half imported.
_hidden = {}


def hide():
    """Takes such modules out of `sys.modules` until their package goes on: the import of one of them has to import the
    package first, as it did in the rehearsal."""
    packages = tuple(name + "." for name in _running if name != "__main__")
    for name in list(sys.modules):
        if name.startswith(packages):
            _hidden[name] = sys.modules.pop(name)


def _resume_imports(pending, order):
    """Lets the importer go on with modules that are half imported, once each. It asks no finder for them, since the
    rehearsal has."""
    loaders, modules, execute, hidden = _LOADERS, sys.modules, _external.SourceFileLoader.exec_module, _hidden
    names, find, make = vars(_bootstrap), _bootstrap._find_spec, _bootstrap.module_from_spec

    def find_spec(name, path, target=None):
        return pending[name][1] if name in pending else find(name, path, target)

    def module_from_spec(spec):
        known = pending.get(spec.name)
        return known[0] if known is not None and known[1] is spec else make(spec)

    def exec_module(self, module):
        name = next((name for name, half in pending.items() if half[0] is module), None)
        if name is None:
            return execute(self, module)
        _, _, code, entry, is_there = pending.pop(name)
        if not is_there:
            modules.pop(name, None)
        elif entry is not module:
            modules[name] = entry
        if not pending:
            names["_find_spec"], names["module_from_spec"] = find, make
            for loader in loaders:
                del loader.exec_module
            modules.update(hidden)
            hidden.clear()
            # As it was in the rehearsal: who was there first stands first.
            for name in order:
                if name in modules:
                    modules[name] = modules.pop(name)
        _bootstrap._call_with_frames_removed(exec, code, module.__dict__)

    names["_find_spec"] = _as_importlib(find_spec, find)
    names["module_from_spec"] = _as_importlib(module_from_spec, make)
    exec_module = _as_importlib(exec_module, execute)
    for loader in loaders:
        loader.exec_module = exec_module


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
        buffer = text.buffer
        text.flush()
    except (AttributeError, ValueError):
        return  # the program has closed it, or taken it apart
    try:
        # A new one: the old one remembers that it cannot seek.
        raw = type(buffer.raw)(fd, "wb" if fd else "rb", closefd=False)
    except OSError:
        # Nothing is open there.
        setattr(sys, name.strip("_"), None)
        setattr(sys, name, None)
        return
    raw.name = f"<{name.strip('_')}>"
    encoding, errors, lines, through = text.encoding, text.errors, text.line_buffering, text.write_through
    buffer.__init__(raw, raw._blksize)
    text.__init__(buffer, encoding, errors, "\n", lines or raw.isatty(), through)


# For each module with a renewal that has been imported, what its import left.
_renewed = {}
# What hooks say is set by the clock: of each module the ways to the attributes, with words for their values; the clock
# as the module finds it; and the attributes: object, name, value, and the word.
_attributes = {}
_clocks = {}
_kept_attributes = []


def _keep_attributes(name, module):
    """Remembers what a module has set by the clock. Where it has not, it may be anywhere: the host ends the rehearsal."""
    for (*way, last), word in _attributes[name]:
        holder = module
        try:
            for step in way:
                holder = getattr(holder, step)
            _kept_attributes.append((holder, last, getattr(holder, last), word, _clocks[name]))
        except AttributeError:
            tell("stale\t" + name)


def _renew_attribute(holder, name, value, word, clock):
    if getattr(holder, name, _ABSENT) is not value:
        return None

    def renew(century=word == "century", set=setattr):
        year = clock().tm_year
        set(holder, name, year // 100 * 100 if century else year)

    return renew


def _renewals():
    """For each imported module that has read something: what makes it new, unless the program has set it itself."""
    for name, (module, state) in _renewed.items():
        function = _RENEWALS[name][1](module, state)
        if function is not None:
            yield function
    for kept in _kept_attributes:
        function = _renew_attribute(*kept)
        if function is not None:
            yield function


def _renew_random(random, seed):
    own_seed = any([restore() for restore in _restore_random])
    return None if own_seed else seed


def _renew_logging(logging, start):
    if logging._startTime != start:
        return None

    def renew(time_ns=logging.time.time_ns):
        logging._startTime = time_ns()

    return renew


def _renew_zoneinfo(tzpath, state):
    reset, path = state
    return reset if tzpath.TZPATH is path else None


def _renew_multiprocessing(process, key):
    config = process._current_process._config
    if config["authkey"] is not key:
        return None

    def renew(make=process.AuthenticationString, urandom=posix.urandom):
        config["authkey"] = make(urandom(32))

    return renew


def _renew_wsgiref(handlers, environment):
    handler = handlers.BaseHandler
    if handler.os_environ is not environment:
        return None

    def renew(read=handlers.read_environ):
        handler.os_environ = read()

    return renew


# By module: what to keep of it after its import, and what makes it new. None: it reads variables that say nothing to
# an artifact, or tries whether a call works.
_RENEWALS = {
    "random": (lambda random: random._inst.seed, _renew_random),
    "logging": (lambda logging: logging._startTime, _renew_logging),
    "zoneinfo._tzpath": (lambda tzpath: (tzpath.reset_tzpath, tzpath.TZPATH), _renew_zoneinfo),
    "multiprocessing.process": (
        lambda process: process._current_process._config["authkey"],
        _renew_multiprocessing,
    ),
    "wsgiref.handlers": (lambda handlers: handlers.BaseHandler.os_environ, _renew_wsgiref),
    "uuid": None,
    "tempfile": None,
    "_pyrepl.trace": None,
    "locale": None,
    "optparse": None,
    "pydoc": None,
    "selectors": None,
    "subprocess": None,
    "sysconfig": None,
}
