"""Installs packages for the programs and tests of this folder, in the versions that lists pin.

In:  lists with lines `NAME==VERSION`, and `platform.txt` with the options of pip that choose wheels as pywasm does.
Out: folders with installed distributions.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A package may do without its native files, so native wheels for Linux come where there are no others. An older pip
# compares `Requires-Python` with its own Python.
PLATFORM = [*(ROOT / "scripts/packages/platform.txt").read_text(encoding="utf-8").split(), "--ignore-requires-python"]


def read_pins(*lists: pathlib.Path) -> dict[str, str]:
    lines = (line for path in lists for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))


def plain(name: str) -> str:
    """A name as lists have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(site: pathlib.Path) -> dict[str, str]:
    """The distributions of a folder, with their versions."""
    folders = (path.name.removesuffix(".dist-info").rsplit("-", 1) for path in site.glob("*.dist-info"))
    return {plain(name): version for name, version in folders}


def has_pinned(site: pathlib.Path, pins: dict[str, str]) -> bool:
    """Whether a folder has distributions, and only in the versions that are pinned."""
    there = installed(site)
    return bool(there) and all(pins.get(name) == version for name, version in there.items())


def pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True)


def install(site: pathlib.Path, constraints: pathlib.Path, requirements: list[str]) -> None:
    pip("install", "--no-compile", *PLATFORM, "--target", site, "--constraint", constraints, *requirements)
