"""Prints as JSON what dir() says of each module of the standard library and of each class in it, public names only.

In: the names of modules, one a line, on standard input; without any, `list` prints them: those of this Python that need
no window and no other system. Out: by module, the names of the module (key "") and of its classes, or why it does not
import."""
import contextlib
import importlib
import io
import json
import os
import sys
import warnings

# Windows, a window, another system, or nothing but tests.
_NOT_HERE = """__main__ _aix_support _android_support _apple_support _ios_support _msi _osx_support _overlapped _pyrepl _scproxy
_tkinter _winapi _wmi antigravity ensurepip idlelib lib2to3 msilib msvcrt nt pydoc_data test this tkinter turtle turtledemo
winreg winsound nturl2path""".split()


def modules():
    library = os.path.dirname(os.__file__)
    for top in sorted(sys.stdlib_module_names):
        if top in _NOT_HERE or top.startswith(("_test", "_sysconfigdata", "_ctypes_test")):
            continue
        yield top
        for folder, folders, files in os.walk(os.path.join(library, top)):
            folders[:] = [name for name in folders if "test" not in name and name != "__pycache__"]
            package = os.path.relpath(folder, library).replace(os.sep, ".")
            if os.path.exists(os.path.join(folder, "__init__.py")):
                yield package
            for file in files:
                name = file.removesuffix(".py")
                if name != file and not name.startswith("__") and "win" not in name.replace("window", "win"):
                    yield f"{package}.{name}"


def public(thing):
    return sorted(name for name in dir(thing) if not name.startswith("_"))


def survey(name):
    try:
        module = importlib.import_module(name)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    found = {"": public(module)}
    for attribute in found[""]:
        value = getattr(module, attribute, None)
        if isinstance(value, type) and value.__module__ not in ("builtins", "__main__"):
            found[attribute] = public(value)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1:] == ["list"]:
        print("\n".join(sorted(set(modules()))))
    else:
        names = sys.stdin.read().split()
        with contextlib.redirect_stdout(io.StringIO()):
            found = {name: survey(name) for name in names}
        print(json.dumps(found))
