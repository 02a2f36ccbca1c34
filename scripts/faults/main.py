"""Runs rounds of faults: `scripts/faults.sh` says which.

In:  the tool by the variable PYWASM, a home with a base by PYWASM_HOME, installers and wheels by PYWASM_TEST_VENV and
     PYWASM_WHEELS; a seed and a number of rounds.
Out: a line for each round, and a table at the end. A round that finds something wrong keeps its folder; then the exit
     code is 1. A round is chosen by the seed and its number, `--first` begins at another one.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import traceback

import kills
import machine
import network
from moments import LIBC
from world import World

ROUNDS = kills.ROUNDS | machine.ROUNDS | network.ROUNDS
NEW_NAMESPACE, PRIVATE, RECURSIVE = 0x20000, 1 << 18, 1 << 14


def may_mount():
    """Whether file systems can be mounted, which only this process and its children see then."""
    with contextlib.suppress(OSError, AttributeError):
        os.unshare(NEW_NAMESPACE)
        if LIBC.mount(b"none", b"/", None, PRIVATE | RECURSIVE, None) == 0:
            return LIBC.mount(b"tmpfs", b"/mnt", b"tmpfs", 0, b"size=1m") == 0 and LIBC.umount2(b"/mnt", 2) == 0
    return False


def find_home(tool):
    """The home that the tool uses."""
    if "PYWASM_HOME" in os.environ:
        return pathlib.Path(os.environ["PYWASM_HOME"])
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "pywasm"


def choose(only, quick):
    """The kinds of rounds, as often as their weights say. A release always needs the optimizer."""
    is_wanted = lambda name: (only is None or only in name) and not (quick and name == "kill release")
    chosen = {name: one for name, one in ROUNDS.items() if is_wanted(name)}
    return [name for name, (_, weight) in chosen.items() for _ in range(weight)]


def used():
    """How long processors worked for this process and its children."""
    return sum(os.times()[:4])


def run(world, options, kinds):
    """Runs the rounds, and returns what came of them: by kind, the results."""
    results = collections.defaultdict(list)
    for number in range(options.first, options.first + options.rounds):
        rng = random.Random(f"{options.seed} {number}")
        # In a gate, each kind comes up before any comes again.
        kind = list(dict.fromkeys(kinds))[number % len(set(kinds))] if options.quick else rng.choice(kinds)
        count, start, before = world.count, time.monotonic(), used()
        try:
            said, good = ROUNDS[kind][0](world, rng), True
        except AssertionError as error:
            said, good = f"WRONG: {error}", False
        except Exception:
            said, good = f"WRONG: {traceback.format_exc()}", False
        results[kind].append(good)
        lasted, worked = time.monotonic() - start, used() - before
        print(f"{number:5} {kind:18} {lasted:5.1f} s ({worked:4.1f} s of a processor)  {said}", flush=True)
        for made in range(count + 1, world.count + 1):
            folder = world.folder / f"round-{made}"
            if good or not options.keep:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                shutil.copytree(folder, options.keep / f"{options.seed}-{number}-{made}", symlinks=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--only", help="a part of the name of a kind of round")
    parser.add_argument("--quick", action="store_true", help="no optimizer and no snapshot; each kind in turn")
    parser.add_argument("--kept", type=pathlib.Path, help="a folder for what the next run needs again")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for what a round with a wrong result leaves")
    parser.add_argument("--no-mount", action="store_true", help="limit the size of files instead of filling a disk")
    options = parser.parse_args()
    variables = ("PYWASM", "PYWASM_TEST_VENV", "PYWASM_WHEELS")
    tool, venv, wheels = (pathlib.Path(os.environ[name]) for name in variables)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pywasm-faults-") as folder, contextlib.ExitStack() as stack:
        can_mount = not options.no_mount and may_mount()
        world = World(tool, find_home(tool), venv, wheels, pathlib.Path(folder), options.quick, can_mount)
        world.stack = stack
        if options.kept and not options.quick:
            world.load(options.kept)
            for kind in ("dev", "full"):
                world.expect("plain", {}, kind)
            world.save(options.kept)
            stack.callback(world.save, options.kept)
        disk = "a small file system" if can_mount else "a limit for the size of files (nothing can be mounted here)"
        user = "another user" if os.getuid() == 0 else "this user"
        print(f"full disks are {disk}; permissions are those of {user}")
        results = run(world, options, choose(options.only, options.quick))
    wrong = sum(not good for one in results.values() for good in one)
    print("\n| fault | rounds | wrong |\n| --- | ---: | ---: |")
    for kind, goods in sorted(results.items()):
        print(f"| {kind} | {len(goods)} | {goods.count(False)} |")
    total = sum(map(len, results.values()))
    print(f"| all, seed {options.seed}, {time.monotonic() - start:.0f} s | {total} | {wrong} |")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
