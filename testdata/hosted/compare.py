"""C functions called from Python: as native code, and as wasm modules hosted by the package `wasmtime`.

usage: compare.py FOLDER [--time]      (FOLDER: what build.sh has made)

Prints each result once where native code, the hosted modules and pure Python agree on it, else fails; with
`--time` a table of milliseconds, the best of five runs each.
"""

import ctypes
import sys
import time
from pathlib import Path

import pure
import wasmtime

ARGUMENTS = {"fib": [0, 1, 10, 24], "sieve": [0, 1, 2, 100, 65_537]}
TIMED = {"fib": 27, "sieve": 1_000_000}


def native(folder):
    """The functions of the machine's library."""
    library = ctypes.CDLL(str(folder / "native.so"))
    functions = {}
    for name in ARGUMENTS:
        function = getattr(library, name)
        function.argtypes, function.restype = [ctypes.c_uint32], ctypes.c_uint32
        functions[name] = function
    return functions


def hosted(folder):
    """The functions of the wasm modules, each in a store of its own."""
    engine = wasmtime.Engine()
    functions = {}
    for name in ARGUMENTS:
        store = wasmtime.Store(engine)
        module = wasmtime.Module.from_file(engine, str(folder / f"{name}.wasm"))
        function = wasmtime.Instance(store, module, []).exports(store)[name]
        functions[name] = lambda n, function=function, store=store: function(store, n)
    return functions


def best(function, argument):
    """The milliseconds of the quickest of five calls."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        function(argument)
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def main(folder, *options):
    """Compares, and times where it is asked to."""
    ways = {"native": native(Path(folder)), "hosted wasm": hosted(Path(folder)), "pure Python": vars(pure)}
    for name, arguments in ARGUMENTS.items():
        for argument in arguments:
            results = {way: functions[name](argument) for way, functions in ways.items()}
            if len(set(results.values())) != 1:
                sys.exit(f"{name}({argument}) differs: {results}")
            if not options:
                print(f"{name}({argument}) = {results['native']}")
    if options == ("--time",):
        print(f"{'milliseconds':<16}" + "".join(f"{way:>13}" for way in ways) + f"{'wasm/native':>13}{'Python/wasm':>13}")
        for name, argument in TIMED.items():
            times = [best(functions[name], argument) for functions in ways.values()]
            cells = "".join(f"{value:>13.2f}" for value in times)
            print(f"{f'{name}({argument})':<16}{cells}{times[1] / times[0]:>12.1f}x{times[2] / times[1]:>12.1f}x")


if __name__ == "__main__":
    main(*sys.argv[1:])
