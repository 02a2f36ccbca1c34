"""What most rounds consist of: a project in two states, an incomplete cache, a killed command, and the build after it.

In:  a `World` and a generator of random numbers. Out: an `AssertionError` where the tool did wrong.
"""

import contextlib
import os
import shutil
import signal
import subprocess

from checks import UNFINISHED, check_end, files
from world import OPTIONS, changeable, write_project

# What the cache has as whole folders.
FOLDERS = ("site-packages", "wheels")


def choose(world, rng, kinds=("plain", "plain", "plain", "depends", "extension")):
    """A kind of project, its options, and two states of its files."""
    kind = rng.choice(kinds)
    options = "dev" if world.quick or kind != "plain" else rng.choice(("dev", "full"))
    name = rng.choice(changeable(kind))
    first, second = {name: 0}, {name: 1}
    return kind, options, first, second


def forget(rng, place, share=None):
    """Removes a part of the cache, so that a build has something to write; never what takes long to make."""
    share = rng.choice((0.0, 0.2, 1.0)) if share is None else share
    for path in files(place.home / "cache"):
        kind = path.relative_to(place.home / "cache").parts
        slow = kind[0] == "machine-code" or kind[:2] in (("stages", "optimize"), ("stages", "compress"))
        if not slow and kind[0] not in FOLDERS and not UNFINISHED.search(str(path)) and rng.random() < share:
            path.unlink()
    for name in FOLDERS:
        if rng.random() < share:
            for folder in (place.home / "cache" / name).glob("[!.]*"):
                shutil.rmtree(folder)


def prepare(world, rng, place, kind, options, first, second):
    """A project that may have been built in its first state; now it is in the second one."""
    before, after = world.expect(kind, first, options), world.expect(kind, second, options)
    forget(rng, place)
    write_project(place.project, kind, first)
    if rng.random() < 0.6:
        world.ask(place, "build", "-q", *OPTIONS[options])
        forget(rng, place, 0.3)
    write_project(place.project, kind, second)
    return before, after


def build_again(world, place, options, expected, more=()):
    ended = place.run("build", "-q", *OPTIONS[options])
    assert ended.code == 0, f"the next build fails with {ended.code}:\n{ended.errors}"
    check_end(world, place, expected, more)


def end(rng, place, moment, *arguments, **more):
    """Starts a command and kills it at a moment; mostly it alone, at times with its children."""
    child = place.start(*arguments, stdout=subprocess.DEVNULL, **more)
    moment.wait(child)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL) if rng.random() < 0.3 else child.kill()
    return place.wait(child)
