"""Attempts to change the package's own files, which an artifact refuses; and a file in a mounted folder."""

import errno
import os
from pathlib import Path

HERE = Path(__file__).parent


def read_only():
    """Every way to write fails with EROFS, and nothing has changed."""
    before = sorted(os.listdir(HERE / "data"))
    attempts = {
        "create": lambda: open(HERE / "data" / "new.txt", "w"),
        "append": lambda: open(HERE / "data" / "moons.csv", "a"),
        "truncate": lambda: open(HERE / "data" / "moons.csv", "w"),
        "update": lambda: open(HERE / "data" / "moons.csv", "r+"),
        "mkdir": lambda: os.mkdir(HERE / "data" / "folder"),
        "remove": lambda: os.remove(HERE / "data" / "moons.csv"),
        "rmdir": lambda: os.rmdir(HERE / "data" / "tides"),
        "rename": lambda: os.rename(HERE / "data" / "moons.csv", HERE / "data" / "suns.csv"),
        "symlink": lambda: os.symlink("moons.csv", HERE / "data" / "link"),
        "utime": lambda: os.utime(HERE / "data" / "moons.csv", (1, 1)),
    }
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError as error:
            print(f"{name}: {errno.errorcode[error.errno]}")
        else:
            print(f"{name}: allowed")
    print("unchanged:", before == sorted(os.listdir(HERE / "data")))


def mounted():
    """A folder of the host beside the bundled files: read, write, list, remove."""
    folder = Path("mounted")
    print(sorted(os.listdir(folder)), (folder / "note.txt").read_text(encoding="utf-8").strip())
    (folder / "made").mkdir()
    copy = folder / "made" / "copy.csv"
    copy.write_bytes((HERE / "data" / "moons.csv").read_bytes())
    print(copy.stat().st_size, [path.as_posix() for path in sorted(folder.rglob("*"))])
    copy.rename(folder / "moved.csv")
    (folder / "made").rmdir()
    (folder / "moved.csv").unlink()
    print(sorted(os.listdir(folder)))


ALL = {writer.__name__: writer for writer in (read_only, mounted)}
