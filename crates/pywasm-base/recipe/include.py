"""Collects the headers that an extension module is compiled with.

In: build.sh's work folder, the folder to fill. Out: include/python/ in it, with CPython's public headers and the cross
build's pyconfig.h, and include/libc/ with the headers of the C library that the base is linked with, so that a compiler is
all that an extension module needs. The headers of CPython's own use (internal/) stay out: they are no interface.
"""

import os
import shutil
import subprocess


def collect_include(work, out):
    """Fills OUT/include."""
    source, target = os.path.join(work, "cross-source/Include"), os.path.join(out, "include/python")
    copy_headers(source, target)
    copy_headers(os.path.join(source, "cpython"), os.path.join(target, "cpython"))
    copy(os.path.join(work, "cross/pyconfig.h"), os.path.join(target, "pyconfig.h"))

    # A sysroot has lib/TARGET/libc.a, and include/TARGET with what belongs to it.
    command = [os.path.join(work, "bin/cc"), "-print-file-name=libc.a"]
    library = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    folder, name = os.path.split(os.path.realpath(os.path.dirname(library)))
    source, target = os.path.join(os.path.dirname(folder), "include", name), os.path.join(out, "include/libc")
    for path, folders, _ in os.walk(source):
        folders[:] = sorted(set(folders) - {"c++"})
        copy_headers(path, os.path.join(target, os.path.relpath(path, source)))


def copy_headers(source, target):
    """Copies the headers of one folder, in sorted order."""
    for name in sorted(os.listdir(source)):
        if name.endswith(".h"):
            copy(os.path.join(source, name), os.path.join(target, name))


def copy(source, target):
    """Copies one file with mode 0644."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target)
    os.chmod(target, 0o644)
