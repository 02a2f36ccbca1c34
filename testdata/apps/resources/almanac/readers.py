"""One function for each way to read a data file; each prints what it found."""

import csv
import glob
import importlib.metadata
import importlib.resources
import json
import os
import pkgutil
import stat
import string
from pathlib import Path

import calendars

HERE = Path(__file__).parent


def beside_file():
    """`open()` next to `__file__`: text, lines, bytes, seeking."""
    with open(os.path.join(os.path.dirname(__file__), "data", "moons.csv"), encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            print(row["date"], row["phase"])
    with open(HERE / "data" / "raw.bin", "rb") as stream:
        print(stream.read(4), stream.seek(-3, os.SEEK_END), stream.read(), stream.read(), stream.tell())
    print(repr((HERE / "data" / "empty").read_text()))


def listing():
    """`os.listdir`, `os.scandir`, `os.walk`, `glob` and `pathlib`."""
    print(sorted(os.listdir(HERE / "data")))
    with os.scandir(HERE / "data") as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            print(entry.name, entry.is_dir(), entry.is_file(), entry.is_symlink())
    for folder, folders, files in os.walk(HERE / "data"):
        folders.sort()
        print(os.path.relpath(folder, HERE), folders, sorted(files))
    print(sorted(glob.glob("**/*.json", root_dir=HERE, recursive=True)))
    print(sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.csv")))


def status():
    """`os.stat`, `os.path` and `os.access`."""
    for name in ("data", "data/moons.csv", "data/empty", "data/none"):
        path = HERE / name
        print(name, path.exists(), path.is_dir(), path.is_file(), os.access(path, os.R_OK))
    info = os.stat(HERE / "data" / "raw.bin")
    print(info.st_size, stat.S_ISREG(info.st_mode), stat.S_ISDIR(os.stat(HERE).st_mode))
    print(os.path.samefile(HERE / "data", HERE / "templates" / ".." / "data"))
    with open(HERE / "data" / "moons.csv", "rb") as stream:
        print(os.fstat(stream.fileno()).st_size, stream.seekable(), stream.isatty())


def package_data():
    """`pkgutil.get_data` and `pkgutil.iter_modules`."""
    print(json.loads(pkgutil.get_data("almanac", "data/tides/brest.json"))["station"])
    print(len(pkgutil.get_data(__package__, "data/raw.bin")), calendars.months())
    import almanac

    print(sorted(module.name for module in pkgutil.iter_modules(almanac.__path__)))


def resources():
    """`importlib.resources`: traversables, text, bytes and paths."""
    root = importlib.resources.files("almanac")
    print((root / "templates" / "page.txt").read_text(encoding="utf-8").splitlines()[0])
    print(sorted(child.name for child in (root / "data").iterdir() if child.is_file()))
    print((root / "data/tides").is_dir(), root.joinpath("data", "nothing").is_file())
    with importlib.resources.as_file(root / "data" / "tides" / "cuxhaven.json") as path:
        print(json.loads(path.read_bytes())["high"])
    with importlib.resources.open_binary("almanac", "data", "raw.bin") as stream:
        print(stream.read(3))
    print(importlib.resources.is_resource("calendars", "months.txt"))


def metadata():
    """`importlib.metadata` of a library that is bundled with its metadata."""
    print(importlib.metadata.version("calendars"), importlib.metadata.metadata("calendars")["Summary"])
    print(importlib.metadata.requires("calendars"))
    (point,) = importlib.metadata.entry_points(group="almanac.plugins")
    print(point.name, point.value, point.load()())
    print([str(file) for file in importlib.metadata.files("calendars") if file.suffix in (".py", ".txt")])
    try:
        importlib.metadata.version("no-such-library")
    except importlib.metadata.PackageNotFoundError as error:
        print("not found:", error)


def templates():
    """A template filled with data from two files."""
    page = string.Template((HERE / "templates" / "page.txt").read_text(encoding="utf-8"))
    for path in sorted((HERE / "data" / "tides").glob("*.json")):
        tides = json.loads(path.read_text(encoding="utf-8"))
        print(page.substitute(title=tides["station"], body=" ".join(tides["high"] + tides["low"])), end="")
    # Not in the package but beside it.
    print((HERE.parent / "shared" / "notice.txt").read_text(encoding="utf-8"), end="")


def errors():
    """What is not there, and what is not what it is taken for."""
    for what, action in {
        "missing": lambda: open(HERE / "data" / "none"),
        "folder": lambda: open(HERE / "data"),
        "listing a file": lambda: os.listdir(HERE / "data" / "empty"),
        "below a file": lambda: open(HERE / "data" / "empty" / "x"),
        "package data": lambda: pkgutil.get_data("almanac", "none.txt"),
    }.items():
        try:
            action()
        except OSError as error:
            print(f"{what}: {type(error).__name__}: {error.strerror}")


ALL = {reader.__name__: reader for reader in
       (beside_file, listing, status, package_data, resources, metadata, templates, errors)}
