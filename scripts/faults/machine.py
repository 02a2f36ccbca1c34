"""The rounds in which the machine is at fault: the disk is full, permissions are missing, builds share a cache, times
are wrong, sources change, standard output is full.

In:  a `World` and a generator of random numbers. Out: as in `kills.py`.
"""

import contextlib
import ctypes
import itertools
import os
import resource
import shutil
import subprocess
import time

from checks import check_end, check_failure, check_whole, files
from moments import LIBC, Moment
from steps import build_again, choose, forget, prepare
from world import OPTIONS, changeable, sources, write_project, write_whole


def fill_disk(world, rng):
    kind, options, first, second = choose(world, rng)
    place = world.make_place()
    before, after = prepare(world, rng, place, kind, options, first, second)
    free = rng.choice((0, rng.randint(0, 1 << 16), rng.randint(0, 1 << 21), rng.randint(0, 1 << 24)))
    moved = [place.home / "cache", place.project, place.temporary]
    if world.can_mount:
        with small_disk(world, place, moved, free):
            ended = place.run("build", "-q", *OPTIONS[options])
    else:
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))
        ended = place.run("build", "-q", *OPTIONS[options], restore_signals=False, preexec_fn=limit)
    if ended.code:
        check_failure(ended, "no space", "too large", "failed")
    check_whole(world, place, before, after)
    build_again(world, place, options, after)
    return f"{kind} {options} {free} bytes: {ended.code}"


@contextlib.contextmanager
def small_disk(world, place, folders, free):
    """Puts folders on a file system of their own, with so many free bytes, as long as the context lasts."""
    disk = world.folder / "disk"
    disk.mkdir(exist_ok=True)
    assert LIBC.mount(b"tmpfs", os.fsencode(disk), b"tmpfs", 0, b"size=400m,mode=755") == 0, ctypes.get_errno()
    try:
        for index, folder in enumerate(folders):
            shutil.move(folder, disk / str(index))
            folder.symlink_to(disk / str(index))
        with (disk / "filler").open("wb") as filler:
            state = os.statvfs(disk)
            filler.truncate(0)
            os.posix_fallocate(filler.fileno(), 0, max(state.f_bavail * state.f_frsize - free, 1))
        yield
        (disk / "filler").unlink()
        for index, folder in enumerate(folders):
            folder.unlink()
            shutil.move(disk / str(index), folder)
    finally:
        LIBC.umount2(os.fsencode(disk), 2)


def take_permissions(world, rng):
    kind, options, first, second = choose(world, rng, ("plain", "extension"))
    place = world.make_place(own=True)
    if os.getuid() == 0:
        for path in [world.folder, *place.folder.rglob("*"), place.folder]:
            if path == world.folder:
                path.chmod(0o755)
            else:
                os.chown(path, 65534, 65534)
        place.user = 65534
    before, after = prepare(world, rng, place, kind, options, first, second)
    if place.user:
        for path in place.folder.rglob("*"):
            os.chown(path, 65534, 65534)
    cache, base = place.home / "cache", place.home / "bases" / world.base
    candidates = [
        place.home, cache, cache / "stages", cache / "stages" / "bytecode", cache / "stages" / "shake",
        cache / "machine-code", place.home / "bases", base, base / "base.wasm", base / "manifest.json", base / "stdlib",
        place.project, place.project / "dist", place.project / "main.py", place.project / "parts",
        place.project / "pyproject.toml", place.project / "words.txt", place.temporary,
        *rng.sample(files(cache / "stages"), 1 if files(cache / "stages") else 0),
    ]  # fmt: skip
    taken = rng.choice([path for path in candidates if path.exists() and "machine-code" not in str(path)])
    mode = taken.stat().st_mode
    taken.chmod(rng.choice((0o000, 0o555 if taken.is_dir() else 0o444)))
    ended = place.run("build", "-q", place.project, *OPTIONS[options], cwd=world.folder)
    taken.chmod(mode)
    if ended.code:
        check_failure(ended, "permission denied", "cannot", "no base", "not found", "not there")
    check_whole(world, place, before, after)
    build_again(world, place, options, after)
    return f"{taken.relative_to(place.folder)}: {ended.code}"


def share_cache(world, rng):
    place = world.make_place()
    forget(rng, place, rng.choice((0.3, 1.0)))
    builds = []
    for index in range(8):
        kind, options, first, second = choose(world, rng, ("plain", "plain", "depends"))
        variants = rng.choice((first, second))
        expected = world.expect(kind, variants, options)
        project = place.folder / f"project-{index}"
        write_project(project, kind, variants)
        builds.append((project, options, expected, place.start("build", "-q", *OPTIONS[options], cwd=project)))
    killed = [build for build in builds if rng.random() < 0.2]
    time.sleep(rng.uniform(0, 1))
    for *_, child in killed:
        child.kill()
    for build in builds:
        ended = place.wait(build[-1])
        assert ended.code == 0 or build in killed and ended.code == -9, f"{ended.code}\n{ended.errors}"
    for project, _, expected, _ in builds:
        place.project = project
        check_whole(world, place, expected)
    for project, options, _, _ in builds:
        world.ask(place, "build", "-q", *OPTIONS[options], cwd=project)
    for project, _, expected, _ in builds:
        place.project = project
        check_end(world, place, expected)
    return f"{len(killed)} killed"


def set_times(world, rng):
    kind, options, first, second = choose(world, rng)
    place = world.make_place(own=True)
    before, after = prepare(world, rng, place, kind, options, first, second)
    write_project(place.project, kind, first)
    world.ask(place, "build", "-q", *OPTIONS[options])
    times = (0, 1, time.time() - 10**8, time.time() + 10**8, 2**32 + 5)
    stamps = {path: path.stat().st_mtime for path in files(place.project)}
    write_project(place.project, kind, second)
    for path in files(place.folder):
        if rng.random() < 0.7:
            moment = stamps.get(path, 1) if rng.random() < 0.5 else rng.choice(times)
            os.utime(path, (moment, moment))
    limit = rng.choice((None, "0", "1 MB", "100 MB"))
    ended = place.run("build", "-q", *OPTIONS[options], variables={"PYWASM_CACHE_SIZE": limit})
    assert ended.code == 0, ended.errors
    check_whole(world, place, after)
    check_end(world, place, after)
    return f"{kind} {options} limit {limit}"


def change_sources(world, rng):
    kind, options, first, second = choose(world, rng)
    names = rng.sample(changeable(kind), rng.choice((1, 2)))
    place = world.make_place()
    forget(rng, place)
    write_project(place.project, kind, {})
    states = [dict(zip(names, values)) for values in itertools.product((0, 1), repeat=len(names))]
    known = [world.expect(kind, state, options) for state in states]
    last = states[-1]
    moment = Moment(rng, world.seconds[kind, options], place.folder, 20)
    child = place.start("build", "-q", *OPTIONS[options])
    moment.wait(child)
    in_place = rng.random() < 0.3
    for name in names:
        path, text = place.project / name, sources(kind, last)[name]
        path.write_text(text, encoding="utf-8") if in_place else write_whole(path, text)
    if back := rng.random() < 0.3:
        # As `git checkout` to and fro, in the middle of a build.
        write_project(place.project, kind, {})
        last = {}
    ended = place.wait(child)
    if ended.code:
        check_failure(ended)
        assert in_place or "changed while" in ended.errors, ended.errors
    if not in_place:
        check_whole(world, place, *known)
    build_again(world, place, options, world.expect(kind, dict.fromkeys(names, 0) | last, options))
    return f"{kind} {options} {names}{' in place' * in_place}{' and back' * back}: {ended.code}"


def lose_output(world, rng):
    kind, options, first, second = choose(world, rng, ("plain",))
    place = world.make_place()
    before, after = prepare(world, rng, place, kind, options, first, second)
    command = rng.choice((
        ["build", *OPTIONS[options]], ["build", "--format", "json", *OPTIONS[options]], ["graph"], ["why", "json"],
        ["size"], ["--help"], ["completions", "bash"], ["check"], ["base", "list"], ["doctor"], ["sbom"],
        ["base", "show"], ["graph", "--format", "json"],
    ))  # fmt: skip
    way = rng.choice(("full", "full for errors", "closed", "gone"))
    with contextlib.ExitStack() as stack:
        errors = subprocess.PIPE
        if way == "full":
            output = stack.enter_context(open("/dev/full", "wb"))
        elif way == "full for errors":
            output, errors = subprocess.PIPE, stack.enter_context(open("/dev/full", "wb"))
        elif way == "gone":
            reader, output = os.pipe()
            os.close(reader)
            stack.callback(os.close, output)
        else:
            output = None
        closing = {"preexec_fn": lambda: os.close(1)} if way == "closed" else {}
        ended = place.run(*command, stdout=output, stderr=errors, **closing)
    assert ended.code in (0, 1, 2, 4), f"{command} {way}: {ended.code}"
    check_whole(world, place, before, after)
    build_again(world, place, options, after)
    return f"{command[0]} {way}: {ended.code}"


ROUNDS = {
    "full disk": (fill_disk, 14),
    "permissions": (take_permissions, 8),
    "shared by eight": (share_cache, 3),
    "times": (set_times, 6),
    "sources": (change_sources, 10),
    "output": (lose_output, 5),
}
