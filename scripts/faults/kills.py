"""The rounds in which the tool dies: during a build, an installation, the addition of a base, a release.

In:  a `World` and a generator of random numbers, from which everything that a round chooses comes.
Out: a few words about what happened; an `AssertionError` where the tool did wrong.
"""

import shutil
import signal
import tarfile
import time

from checks import check_end, check_whole, files
from moments import Moment
from steps import build_again, choose, end, prepare
from world import OPTIONS, write_project


def kill_build(world, rng):
    kind, options, first, second = choose(world, rng)
    place = world.make_place()
    before, after = prepare(world, rng, place, kind, options, first, second)
    times = rng.choice((1, 1, 1, 2, 3))
    codes = []
    for _ in range(times):
        moment = Moment(rng, world.seconds[kind, options], place.folder)
        codes.append(end(rng, place, moment, "build", "-q", *OPTIONS[options]).code)
        assert codes[-1] in (0, -signal.SIGKILL), codes
        check_whole(world, place, before, after)
    build_again(world, place, options, after)
    return f"{kind} {options} {codes}"


def kill_install(world, rng):
    place = world.make_place()
    expected = world.expect("depends", {}, "dev")
    shutil.rmtree(place.home / "cache" / "site-packages", ignore_errors=True)
    if rng.random() < 0.5:
        shutil.rmtree(place.home / "cache" / "wheels", ignore_errors=True)
    write_project(place.project, "depends", {})
    tool = rng.choice(("uv", "pip"))
    command = ["build", "-q", "--profile", "dev", "--installer", tool]
    seconds = world.seconds["depends", "dev"] * (4 if tool == "pip" else 1)
    code = end(rng, place, Moment(rng, seconds, place.folder, 200), *command).code
    check_whole(world, place, expected)
    upgrade = ["--upgrade"] if rng.random() < 0.3 else []
    ended = place.run(*command, *upgrade)
    assert ended.code == 0, f"the next build fails:\n{ended.errors}"
    check_end(world, place, expected, [r"cache/wheels(/|$)"])
    return f"{tool} {code}"


def kill_base_add(world, rng):
    place = world.make_place(own=True)
    archive = pack_base(world)
    base = place.home / "bases" / world.base
    state = rng.choice(("absent", "absent", "damaged"))
    if state == "absent":
        shutil.rmtree(base)
    else:
        path = rng.choice([path for path in files(base) if path.stat().st_size > 100])
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    moment = Moment(rng, world.seconds["base add"], place.home, 2000)
    code = end(rng, place, moment, "base", "add", archive).code
    if state == "absent":
        check_whole(world, place)
    world.ask(place, "base", "add", archive)
    world.ask(place, "base", "verify")
    check_whole(world, place)
    check_end(world, place)
    return f"{state} {code}"


def pack_base(world):
    archive = world.folder / "base.tar.gz"
    if not archive.exists():
        # `base pack` compresses better, and takes longer.
        with tarfile.open(archive, "w:gz", compresslevel=1, format=tarfile.USTAR_FORMAT) as packed:
            for part in sorted((world.full.home / "bases" / world.base).iterdir()):
                packed.add(part, part.name)
        place = world.make_place()
        shutil.rmtree(place.home / "bases")
        start = time.monotonic()
        world.ask(place, "base", "add", archive)
        world.seconds["base add"] = time.monotonic() - start
        world.names.update(("bases/.lock", "bases", "downloads"))
        shutil.rmtree(place.folder)
    return archive


def kill_release(world, rng):
    first, second = {"words.txt": 0}, {"words.txt": 1}
    releases = []
    for variants in (first, second):
        world.expect("plain", variants, "full")
        key = ("release", variants["words.txt"])
        if key not in world.expected:
            world.begin_project("plain", variants)
            start = time.monotonic()
            world.ask(world.full, "release", "-q")
            world.seconds["release"] = time.monotonic() - start
            world.expected[key] = content(world.full.project / "dist" / "release")
        releases.append(world.expected[key])
    place = world.make_place()
    write_project(place.project, "plain", first)
    if rng.random() < 0.6:
        world.ask(place, "release", "-q")
    write_project(place.project, "plain", second)
    code = end(rng, place, Moment(rng, world.seconds["release"], place.folder), "release", "-q").code
    check_whole(world, place, world.expect("plain", first, "full"), world.expect("plain", second, "full"))
    found = content(place.project / "dist" / "release")
    assert found in ({}, *releases), f"a release is not whole: {sorted(found)}"
    world.ask(place, "release", "-q")
    assert content(place.project / "dist" / "release") == releases[1], "the next release is another one"
    world.ask(place, "verify", *(place.project / "dist" / "release").iterdir())
    check_end(world, place)
    return str(code)


def content(folder):
    """The files below a folder, without what is on its way there."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}
    return {name: bytes for name, bytes in found.items() if "unfinished" not in name}


ROUNDS = {
    "kill build": (kill_build, 30),
    "kill install": (kill_install, 8),
    "kill base add": (kill_base_add, 5),
    "kill release": (kill_release, 5),
}
