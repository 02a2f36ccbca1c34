"""Writes the base's areas.json: which source file each function and each byte of data of base.wasm comes from.

In: the linker's map of the link, the archives that were linked, the build folder of CPython.
Out: OUT/areas.json as docs/internals/architecture.md ("The base") describes it.

What is optimized at link time (hot.txt) is one object to the linker. Its parts keep their names and, file by file,
their order: a name that only one such file defines tells the file, and others count to the one before them.
"""

import json
import os
import re
import subprocess

CHUNK = re.compile(r"^ *(-|[0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) {9}(\S.*):\((.*)\)$")
# The areas of what is not CPython's own, by the archive's name; `*`: whatever the compiler's library is called.
LIBRARIES = {
    "libmpdec.a": "mpdecimal",
    "libexpat.a": "expat",
    "libHacl_Hash_SHA2.a": "hacl",
    "libsqlite3.a": "sqlite",
    "libz.a": "zlib",
    "libbz2.a": "bzip2",
    "liblzma.a": "xz",
}
LTO = "lto.tmp"
LINKER = "linker"


def write_areas(recipe, work, out):
    """Writes OUT/areas.json from WORK/link.map."""
    sources = Sources(recipe, work)
    functions, data = [], []
    with open(os.path.join(work, "link.map"), encoding="utf-8", errors="replace") as lines:
        section = None
        for line in lines:
            header = re.match(r"^ +- +[0-9a-f]+ +[0-9a-f]+ ([A-Z]+)", line)
            section = header[1] if header else section
            chunk = CHUNK.match(line)
            if chunk and section in ("CODE", "DATA"):
                source = sources.of(chunk[3], chunk[4])
                if section == "CODE":
                    functions.append(source)
                else:
                    data.append((int(chunk[1], 16), int(chunk[2], 16), source))
    names = sorted(set(functions) | {source for _, _, source in data})
    number = {name: index for index, name in enumerate(names)}
    areas = {
        "schema": 1,
        "files": names,
        "functions": [[count, number[name]] for count, name in runs(functions)],
        "data": [[start, length, number[name]] for start, length, name in joined(data)],
        "builtins": builtins(work, sources, set(names)),
    }
    with open(os.path.join(out, "areas.json"), "w", encoding="utf-8") as file:
        json.dump(areas, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


def runs(items):
    """Equal neighbours as (count, item)."""
    found = []
    for item in items:
        if found and found[-1][1] == item:
            found[-1] = (found[-1][0] + 1, item)
        else:
            found.append((1, item))
    return found


def joined(chunks):
    """Chunks of data by address; neighbours of one file are one, with the padding between them."""
    found = []
    for start, length, name in sorted(chunks):
        if found and found[-1][2] == name and start - sum(found[-1][:2]) < 16:
            found[-1] = (found[-1][0], start + length - found[-1][0], name)
        elif length:
            found.append((start, length, name))
    return found


def builtins(work, sources, names):
    """For each builtin module its files: the one with its init function, and its neighbours in a folder of its own."""
    homes = {}
    for member, symbols in sources.defined("libpython").items():
        for symbol in symbols:
            if symbol.startswith("PyInit_"):
                homes.setdefault(sources.python(member), set()).add(symbol.removeprefix("PyInit_"))
    folders = {}
    for home in homes:
        folders.setdefault(os.path.dirname(home), []).append(home)
    found = {}
    for home, modules in homes.items():
        folder = os.path.dirname(home)
        files = {home} & names
        if folder.count("/") == 1 and len(folders[folder]) == 1:
            files |= {name for name in names if os.path.dirname(name) == folder}
        if len(modules) == 1 and folder.startswith("Modules"):
            found[next(iter(modules))] = sorted(files)
    return found


class Sources:
    """From what the map calls an object to the source file that it is for."""

    def __init__(self, recipe, work):
        self.build = os.path.join(work, "cross")
        self.nm = subprocess.run(
            [os.path.join(work, "bin/cc"), "-print-prog-name=llvm-nm"], capture_output=True, text=True, check=True
        ).stdout.strip()
        self.members = {}
        for folder, _, files in os.walk(self.build):
            relative = os.path.relpath(folder, self.build)
            for file in sorted(files):
                if file.endswith(".o") and "libmpdec" not in relative:
                    self.members[file] = os.path.normpath(os.path.join(relative, file[:-2] + ".c"))
        self.tables = {}
        hot = {os.path.basename(line.split()[0])[:-2] + ".o" for line in lines(recipe, "hot.txt") if "-flto" in line}
        owners = {}
        for member, symbols in self.defined("libpython").items():
            if member in hot:
                for symbol in symbols:
                    owners.setdefault(symbol, []).append(member)
        self.hot = {symbol: members[0] for symbol, members in owners.items() if len(members) == 1}
        self.last = LTO

    def defined(self, library):
        """The symbols that each member of CPython's library defines."""
        if library not in self.tables:
            archive = next(name for name in sorted(os.listdir(self.build)) if name.startswith(library) and name.endswith(".a"))
            text = subprocess.run(
                [self.nm, "-A", "--defined-only", os.path.join(self.build, archive)],
                capture_output=True, text=True, check=True,
            ).stdout
            table = {}
            for line in text.splitlines():
                place, _, rest = line.partition(".o: ")
                table.setdefault(place.rpartition(":")[2] + ".o", []).append(rest.split()[-1])
            self.tables[library] = table
        return self.tables[library]

    def python(self, member):
        """The source of an object of CPython's library."""
        return self.members.get(member, "Python/" + member[:-2] + ".c")

    def of(self, place, symbol):
        """The source of one entry of the map."""
        if place == "<internal>":
            return "strings" if symbol.startswith(".") else LINKER
        if place == LTO:
            name = re.sub(r"^\.(rodata|data|bss)\.", "", symbol)
            member = self.hot.get(name) or self.hot.get(re.sub(r"(\.\d+)+$", "", name))
            self.last = self.python(member) if member else self.last
            return self.last
        archive, _, member = place.rstrip(")").rpartition("(")
        name = os.path.basename(archive or member)
        if name.startswith("libpython"):
            return self.python(member)
        stem = os.path.basename(member).rsplit(".o", 1)[0].removesuffix(".c")
        if name in LIBRARIES:
            return f"{LIBRARIES[name]}/{stem}.c"
        if "/runtime." in place:
            return f"runtime/{stem}.c"
        return f"{'compiler-rt' if 'clang_rt' in name or 'builtins' in name else 'libc'}/{stem}.c"


def lines(folder, name):
    """The lines of a file of the recipe that say something."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return [line for line in file if line.strip() and not line.startswith("#")]
