"""Runs a WASI command, a core module or a component, under the package wasmtime.

usage: wasm.py FOLDER FILE [--dir HOST::GUEST]... [ARGUMENT...]

FOLDER keeps the machine code of each file. The output and the exit code are those of the program.
This script runs all artifacts, so that they have the same engine with the same settings.
"""

import hashlib
import importlib.metadata
import os
import sys

import wasmtime
from wasmtime import component


def load(engine, folder, file):
    with open(file, "rb") as source:
        data = source.read()
    is_component = data[4] == 0x0D
    kind = component.Component if is_component else wasmtime.Module
    version = importlib.metadata.version("wasmtime")
    ready = os.path.join(folder, f"{hashlib.sha256(data).hexdigest()}-{version}.cwasm")
    if not os.path.exists(ready):
        os.makedirs(folder, exist_ok=True)
        with open(f"{ready}.{os.getpid()}", "wb") as out:
            out.write(kind(engine, data).serialize())
        os.replace(f"{ready}.{os.getpid()}", ready)
    return kind.deserialize_file(engine, ready)


def link(engine, program):
    """Returns a linker that has WASI for a program of `load`."""
    if isinstance(program, component.Component):
        linker = component.Linker(engine)
        linker.add_wasip2()
    else:
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
    return linker


def run(store, instance):
    """Runs a program to its end. One that leaves with an exit code raises ExitTrap."""
    if isinstance(instance, component.Instance):
        interface = instance.get_export_index(store, "wasi:cli/run@0.2.0")
        instance.get_func(store, instance.get_export_index(store, "run", interface))(store)
    else:
        instance.exports(store)["_start"](store)


def main():
    folder, file, *arguments = sys.argv[1:]
    wasi = wasmtime.WasiConfig()
    while arguments[:1] == ["--dir"]:
        host, guest = arguments[1].split("::")
        wasi.preopen_dir(host, guest)
        arguments = arguments[2:]
    wasi.argv = [os.path.basename(file), *arguments]
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    engine = wasmtime.Engine()
    program = load(engine, folder, file)
    store = wasmtime.Store(engine)
    store.set_wasi(wasi)
    try:
        run(store, link(engine, program).instantiate(store, program))
    except wasmtime.ExitTrap as stop:
        raise SystemExit(stop.code) from None
    except wasmtime.WasmtimeError as trap:
        raise SystemExit(str(trap).strip().splitlines()[-1]) from None


if __name__ == "__main__":
    main()
