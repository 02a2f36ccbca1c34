"""Collects the base's standard library.

In: the recipe's folder, build.sh's work folder, the folder to fill. Out: stdlib/ in it, with CPython's Lib/ without what no program
imports (test suites, IDLE, Tk, the installer), a `_sysconfigdata` module that tells of no host, and our overlay.
"""

import os
import re
import runpy
import shutil

LEFT_OUT_FOLDERS = {"__pycache__", "__phello__", "ensurepip", "idlelib", "site-packages", "test", "tkinter", "turtledemo"}
LEFT_OUT_FILES = {"__hello__.py", "turtle.py"}
LEFT_OUT_SUFFIXES = (".bat", ".exe", ".fish", ".ini", ".pc", ".ps1", ".pyc", ".rst")


def copy_tree(source, target):
    """Copies a tree in sorted order, each file with mode 0644."""
    os.makedirs(target, exist_ok=True)
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        name = entry.name
        if entry.is_dir(follow_symlinks=False):
            if name not in LEFT_OUT_FOLDERS:
                copy_tree(entry.path, os.path.join(target, name))
        elif name not in LEFT_OUT_FILES and not name.endswith(LEFT_OUT_SUFFIXES):
            path = os.path.join(target, name)
            shutil.copyfile(entry.path, path)
            os.chmod(path, 0o644)


# The variables that say something to a running program. There is no compiler in the guest and nothing to install, so the rest of
# the Makefile's 1,000 stays out: it tells of the build host, and sysconfig is in each app that uses zoneinfo.
VARIABLES = re.compile(
    r"ABIFLAGS|ALIGNOF_\w+|BINDIR|BINLIBDEST|DESTSHARED|ENABLE_IPV6|EXE|EXT_SUFFIX|HOST_GNU_TYPE|INCLUDEDIR|INCLUDEPY|INSTSONAME|"
    r"LDLIBRARY|LDVERSION|LIBDEST|LIBDIR|LIBPL|LIBRARY|MACHDEP|MULTIARCH|PLATLIBDIR|PY_\w*HASHES|Py_\w+|SHLIB_SUFFIX|SIZEOF_\w+|"
    r"SOABI|TZPATH|VERSION|WITH_\w+|exec_prefix|prefix"
)


def write_sysconfigdata(work, target):
    """Writes the module that sysconfig asks for, from the cross build's own."""
    with open(os.path.join(work, "cross/pybuilddir.txt"), encoding="utf-8") as file:
        folder = os.path.join(work, "cross", file.read().strip())
    (name,) = [name for name in os.listdir(folder) if name.startswith("_sysconfigdata_")]
    variables = runpy.run_path(os.path.join(folder, name))["build_time_vars"]
    # The docstrings of what is written in C are in a module of their own.
    variables["WITH_DOC_STRINGS"] = 1
    lines = [f"    {key!r}: {variables[key]!r}," for key in sorted(variables) if VARIABLES.fullmatch(key)]
    text = "# What the base was built with, for sysconfig. Written by the base's recipe.\nbuild_time_vars = {\n"
    with open(os.path.join(target, name), "w", encoding="utf-8") as file:
        file.write(text + "\n".join(lines) + "\n}\n")


def collect_stdlib(recipe, work, out):
    """Fills OUT/stdlib."""
    target = os.path.join(out, "stdlib")
    copy_tree(os.path.join(work, "cross-source/Lib"), target)
    write_sysconfigdata(work, target)
    overlay = os.path.join(recipe, "overlay")
    if os.path.isdir(overlay):
        copy_tree(overlay, target)
