"""The Python half of an artifact's start; recipe/runtime/main.c is the other.

Reads etc/entry (how to start) and etc/left-out (what the artifact does not have); docs/internals/architecture.md
describes both. Gives main.c `entry` and `prepare_main()`, and puts a finder at the end of sys.meta_path that says why
a module cannot be imported.

Loaded at every start, so it imports nothing but what the interpreter has loaded by then.
"""
import builtins
import sys

# The program may patch `builtins`; what runs here afterwards does not use its patches.
__builtins__ = dict(vars(builtins))

import _frozen_importlib as _bootstrap
import _frozen_importlib_external as _external

# main.c takes frames of this file off the front of a traceback.
FILE = sys._getframe().f_code.co_filename


def _read(path):
    with open(path, "rb") as file:
        return file.read().decode()


entry = {"start": ""}
entry.update(line.split("=", 1) for line in _read("/pywasm/etc/entry").split("\n") if line)


def prepare_main():
    """Makes `__main__` what it is under `python FILE` or `python -m MODULE`, and returns its code."""
    if entry["kind"] == "script":
        loader, spec = _script_loader(entry["module"]), None
    else:
        spec = _main_spec(entry["module"])
        loader = spec.loader
    code = loader.get_code("__main__" if spec is None else spec.name)
    vars(sys.modules["__main__"]).update(
        __file__=code.co_filename,
        __cached__=None if spec is None else spec.cached,
        __loader__=loader,
        __package__=None if spec is None else spec.parent,
        __spec__=spec,
    )
    return code


def _script_loader(name):
    path = f"/pywasm/app/{name}.pyc"
    if _external._path_isfile(path):
        return _external.SourcelessFileLoader("__main__", path)
    return _external.SourceFileLoader("__main__", path[:-1])


def _main_spec(name):
    parent = name.rpartition(".")[0]
    if parent:
        __import__(parent)
    spec = _bootstrap._find_spec(name, sys.modules[parent].__path__ if parent else None)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if spec.submodule_search_locations is not None:
        return _main_spec(name + ".__main__")
    return spec


def _reason(name):
    """Why there is no module of that name, or None where nothing is known about it."""
    global _left_out
    if _left_out is None:
        _left_out = "\n" + _read("/pywasm/etc/left-out")
    _, is_excluded, rest = _left_out.partition(f"\n{name} excluded ")
    if is_excluded:
        excluded = rest.partition("\n")[0]
        return (
            ("it " if excluded == name else f"it needs {excluded!r}, which ") + "was excluded from this artifact. "
            "To add it, change exclude under [tool.pywasm] in pyproject.toml, "
            f"or build without --exclude {excluded}"
        )
    if f"\n{name}\n" in _left_out:
        return (
            "it was left out of this artifact, because `pywasm build` saw nothing that imports it. "
            f'To add it, set include = ["{name}"] under [tool.pywasm] in pyproject.toml, '
            f"or build with --include {name}"
        )
    if name in sys.stdlib_module_names:
        return "CPython has it on other platforms, but not on WASI"
    if name == "tzdata":
        return "zoneinfo has no time zone data. To add it, make the package tzdata a dependency of the project"
    return None


_left_out = None


class LeftOutFinder:
    """The last finder: it finds nothing, but says why an `import` fails."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        # Frame 1 is importlib's _find_spec. Only an import asks it from there; find_spec() of
        # importlib.util must get its None.
        importing = sys._getframe(2)
        if importing.f_code is not _bootstrap._find_and_load_unlocked.__code__:
            return None
        reason = _reason(name)
        if reason is None:
            return None
        # `from package import name` turns a ModuleNotFoundError into "cannot import name", without reasons.
        listing = importing.f_back.f_back
        if listing and listing.f_back and listing.f_back.f_code is _bootstrap._handle_fromlist.__code__:
            package, _, name = name.rpartition(".")
            raise ImportError(f"cannot import name {name!r} from {package!r}: {reason}", name=package, name_from=name)
        raise ModuleNotFoundError(f"No module named {name!r}: {reason}", name=name)


# importlib takes its own frames off the traceback of a failed import; this makes the finder's one of them.
LeftOutFinder.find_spec.__code__ = LeftOutFinder.find_spec.__code__.replace(
    co_filename=_bootstrap._find_spec.__code__.co_filename
)
sys.meta_path.append(LeftOutFinder)

for _name in entry["start"].split():
    __import__(_name)
