"""Measures the memory of a program under the package wasmtime: of one start, page by page, and of many instances.

usage: memory.py FOLDER COUNT FILE

In:  FOLDER keeps machine code. FILE is a WASI command, a core module or a component; NAME.symbols.json beside a core module
     of pywasm says where its parts lie.
Out: JSON on stdout: `first`, the resident bytes that the first start adds to this process; `further`, the private bytes
     that each of COUNT further instances in the same engine adds; `pages`, of the first instance's memory, by part: how
     many there are, how many the start has touched, and how many it has written. All is Linux's count, in /proc/self.
"""

import ctypes
import json
import mmap
import os
import struct
import sys

import wasmtime
from wasm import link, load, run

PAGE = mmap.PAGESIZE


class Program:
    def __init__(self, folder, file):
        self.engine = wasmtime.Engine()
        self.code = load(self.engine, folder, file)
        self.linker = link(self.engine, self.code)

    def start(self):
        """Runs the program to its end. Returns what keeps its instance alive."""
        wasi = wasmtime.WasiConfig()
        wasi.argv = ["hello"]
        wasi.stdout_file = os.devnull
        store = wasmtime.Store(self.engine)
        store.set_wasi(wasi)
        instance = self.linker.instantiate(store, self.code)
        try:
            run(store, instance)
        except wasmtime.ExitTrap as stop:
            if stop.code:
                raise SystemExit(f"memory.py: the program ended with {stop.code}") from None
        return store, instance


def resident():
    """Returns how many bytes of this process are in memory, and how many of them no other mapping shares."""
    sizes = {}
    with open("/proc/self/smaps_rollup", encoding="utf-8") as lines:
        for line in list(lines)[1:]:
            name, size, _ = line.split()
            sizes[name] = int(size) * 1024
    return sizes["Rss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"]


def parts(file):
    """Returns the parts of a module's memory, from its symbol file: (name, begin, end)."""
    with open(os.path.splitext(file)[0] + ".symbols.json", encoding="utf-8") as source:
        symbols = json.load(source)
    data, bss, heap = symbols["program"]["start"], symbols["state"]["start"], symbols["program"]["end"]
    end = 1 << 32
    return [("stack", 0, data), ("data", data, bss), ("bss", bss, heap), ("image and heap", heap, end), ("all", 0, end)]


def pages(store, instance, file):
    """Returns {part: {"pages", "touched", "written"}}. A page that is written is this instance's own, not the module's."""
    memory = instance.exports(store)["memory"]
    begin = ctypes.addressof(memory.data_ptr(store).contents)
    count = memory.data_len(store) // PAGE
    with open("/proc/self/pagemap", "rb") as source:
        source.seek(begin // PAGE * 8)
        entries = struct.unpack(f"<{count}Q", source.read(count * 8))
    found = {}
    for name, first, last in parts(file):
        part = entries[first // PAGE : min(last // PAGE, count)]
        touched = [entry for entry in part if entry >> 63]
        written = [entry for entry in touched if not entry >> 61 & 1]
        found[name] = {"pages": len(part), "touched": len(touched), "written": len(written)}
    return found


def measure(folder, count, file):
    program = Program(folder, file)
    before, _ = resident()
    kept = [program.start()]
    after, private = resident()
    found = pages(*kept[0], file) if isinstance(program.code, wasmtime.Module) else {}
    kept += [program.start() for _ in range(count)]
    return {"first": after - before, "further": (resident()[1] - private) / count, "pages": found}


def main():
    folder, count, file = sys.argv[1:]
    print(json.dumps(measure(folder, int(count), file)))


main()
