"""How each engine starts an artifact.

In:  the tool and the engines by the variables PYWASM, PYWASM_TEST_VENV, PYWASM_WASMI and PYWASM_WASMEDGE.
Out: `ENGINES`: for each the ending of the file that it takes, and a function that makes a command of a file, mounted
     folders by their names in the artifact, variables and arguments.
"""

import os
import pathlib

DRIVERS = pathlib.Path(__file__).resolve().parents[2] / "tests" / "engines"
PYWASM = os.environ["PYWASM"]
VENV = pathlib.Path(os.environ["PYWASM_TEST_VENV"])


def by_pywasm(file, mounts, env, args):
    return [PYWASM, "run", "-q", *options(mounts, env), str(file), "--", *args]


def by_wasmtime(file, mounts, env, args):
    return [str(VENV / "bin/python"), str(DRIVERS / "run_wasmtime.py"), *options(mounts, env), str(file), *args]


def by_node(file, mounts, env, args):
    return ["node", "--no-warnings", str(DRIVERS / "run_node.mjs"), *options(mounts, env), str(file), *args]


def by_wasmi(file, mounts, env, args):
    # It mounts a folder under the name by which it is given, in the current folder.
    folders = [part for guest in mounts for part in ("--dir", guest.removeprefix("/"))]
    variables = [part for name, value in env.items() for part in ("--env", f"{name}={value}")]
    return [os.environ["PYWASM_WASMI"], *folders, *variables, str(file), *args]


def by_wasmedge(file, mounts, env, args):
    folders = [part for guest, host in mounts.items() for part in ("--dir", f"{guest}:{host}")]
    variables = [part for name, value in env.items() for part in ("--env", f"{name}={value}")]
    program = pathlib.Path(os.environ["PYWASM_WASMEDGE"]) / "wasmedge"
    return [str(program), *folders, *variables, str(file), *args]


ENGINES = {
    "pywasm run": ("wasm", by_pywasm),
    "pywasm run, .cwasm": ("cwasm", by_pywasm),
    "wasmtime for Python": ("wasm", by_wasmtime),
    "node:wasi": ("wasm", by_node),
    "wasmi": ("wasm", by_wasmi),
    "WasmEdge": ("wasm", by_wasmedge),
}


def options(mounts, env):
    folders = [part for guest, host in mounts.items() for part in ("--dir", f"{host}::{guest}")]
    return [*folders, *(part for name, value in env.items() for part in ("--env", f"{name}={value}"))]
