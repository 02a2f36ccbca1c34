"""Runs a WASI module with the Python package `wasmtime`.

usage: run_wasmtime.py [--dir HOST::GUEST]... [--env KEY=VALUE]... MODULE [ARGS...]

The compiled module is kept beside the folder of the module, so that the next case of the same app starts at once.
"""

import argparse
import os
import sys

from wasmtime import Engine, ExitTrap, Linker, Module, Store, WasiConfig


def compiled(engine, path):
    """The module, from its compiled form where an earlier run left one."""
    kept = f"{os.path.dirname(os.path.abspath(path))}.compiled"
    if os.path.exists(kept):
        return Module.deserialize_file(engine, kept)
    module = Module.from_file(engine, path)
    with open(f"{kept}.{os.getpid()}", "wb") as file:
        file.write(module.serialize())
    os.rename(file.name, kept)
    return module


def main():
    """Runs the module; the exit code is its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("module")
    parser.add_argument("args", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    wasi = WasiConfig()
    wasi.argv = [os.path.basename(options.module), *options.args]
    wasi.env = [variable.split("=", 1) for variable in options.env]
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    for mount in options.dir:
        host, guest = mount.split("::")
        wasi.preopen_dir(host, guest)

    engine = Engine()
    store = Store(engine)
    store.set_wasi(wasi)
    linker = Linker(engine)
    linker.define_wasi()
    instance = linker.instantiate(store, compiled(engine, options.module))
    try:
        instance.exports(store)["_start"](store)
    except ExitTrap as exit:
        return exit.code
    return 0


sys.exit(main())
