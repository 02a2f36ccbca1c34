"""Writes the base's manifest.json, without `id`, `recipe` and `files`, which whoever keeps the base adds.

In: the cross build and the filled folder. Out: manifest.json as docs/internals/architecture.md ("The base") describes it.
"""

import hashlib
import json
import os
import re
import subprocess
import sys

from c_imports import find_c_imports


def write_manifest(recipe, work, out, python_version, toolchain, sources):
    """Writes OUT/manifest.json."""
    assert sys.version.split()[0] == python_version, "this runs under the native interpreter of the same version"
    tree, build = os.path.join(work, "cross-source"), os.path.join(work, "cross")
    builtins = inittab(build)
    stdlib = os.path.join(out, "stdlib")

    def exists(name):
        path = os.path.join(stdlib, *name.split("."))
        return name in builtins or os.path.isfile(path + ".py") or os.path.isfile(os.path.join(path, "__init__.py"))

    manifest = {
        "schema": 1,
        "abi": 3,
        "python": python_version,
        "builtins": builtins,
        "c_imports": find_c_imports(tree, build, os.path.join(recipe, "runtime"), os.path.join(work, "bin/cc"), exists),
        "stdlib_names": sorted(sys.stdlib_module_names),
        "toolchain": toolchain,
        "sources": sources,
    }
    with open(os.path.join(out, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
        file.write("\n")


def inittab(build):
    """The sorted names of _PyImport_Inittab."""
    with open(os.path.join(build, "Modules/config.c"), encoding="utf-8") as file:
        return sorted(re.findall(r'^\s*\{"(\w+)",', file.read(), re.MULTILINE))


def describe_toolchain(work):
    """Versions of the tools, and digests of the libraries, which carry no version. No path of the host."""
    compiler = os.path.join(work, "bin/cc")

    def output(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def digest(path):
        with open(path, "rb") as file:
            return "sha256:" + hashlib.sha256(file.read()).hexdigest()

    return {
        "clang": output(compiler, "--version").splitlines()[0].strip(),
        "wasm-ld": output(output(compiler, "-print-prog-name=wasm-ld"), "--version").splitlines()[0].strip(),
        "wasi-libc": digest(output(compiler, "-print-file-name=libc.a")),
        "compiler-rt": digest(output(compiler, "-rtlib=compiler-rt", "-print-libgcc-file-name")),
    }
