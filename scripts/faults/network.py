"""The rounds that need a server on this machine: a registry, a store for a shared cache, a server of files. The tool
dies, or the server stops in the middle of an answer.

In:  a `World` and a generator of random numbers. Out: as in `kills.py`.
"""

import hashlib
import shutil
import signal
import time

from checks import check_end, check_failure, check_whole, files
from kills import pack_base
from moments import Moment
from servers import Cut, Files, Registry
from steps import end, forget
from world import OPTIONS, write_project

# What is said of a connection that ends too early.
LOST = ("lost", "connection", "cut", "no answer", "request failed", "error sending", "reset", "closed", "end")
NETWORK = {"PYWASM_OFFLINE": None, "NO_PROXY": "127.0.0.1"}
PULLED = [r"cache/registry(/|$)"]
EVERYTHING = 1 << 40


def registry(world):
    if not hasattr(world, "registry"):
        world.registry = Registry(world.folder / "registry")
        world.stack.callback(world.registry.close)
    return world.registry


def module(world, variant):
    return world.expect("plain", {"words.txt": variant}, "dev")["faulty.wasm"]


def publish(world, place, variant, port, name, **more):
    """Puts a module into the project, and says how to publish it."""
    dist = place.project / "dist"
    dist.mkdir(exist_ok=True)
    (dist / "faulty.wasm").write_bytes(module(world, variant))
    return ["publish", "-q", f"oci://127.0.0.1:{port}/{name}:1", "dist/faulty.wasm"]


def pull(world, place, name):
    """What a tag names: a module, or nothing."""
    target = place.folder / "pulled.wasm"
    target.unlink(missing_ok=True)
    reference = f"oci://127.0.0.1:{registry(world).port}/{name}:1"
    ended = place.run("pull", "-q", reference, "-o", target, variables=NETWORK)
    if ended.code:
        check_failure(ended, "has no such tag", "has no repository", "no such")
        return None
    return target.read_bytes()


def disturb_publish(world, rng):
    place, server = world.make_place(), registry(world)
    name = f"publish-{world.count}"
    old, new = module(world, 0), module(world, 1)
    was_there = rng.random() < 0.5
    if was_there:
        world.ask(place, *publish(world, place, 0, server.port, name), variables=NETWORK)
    way = rng.choice(("kill", "up", "down"))
    if way == "kill":
        moment = Moment(rng, world.seconds.get("publish", 0.5), place.folder)
        ended = end(rng, place, moment, *publish(world, place, 1, server.port, name), variables=NETWORK)
    else:
        limit = rng.choice((rng.randint(0, 2000), rng.randint(0, len(new) * 5 // 4 if way == "up" else 4000)))
        cut = Cut(server.port, *((EVERYTHING, limit) if way == "up" else (limit, EVERYTHING)))
        ended = place.run(*publish(world, place, 1, cut.port, name), variables=NETWORK)
        cut.close()
        if ended.code:
            check_failure(ended, *LOST)
    stranger = world.make_place()
    assert pull(world, stranger, name) in ((old,) if was_there else (None,)) + (new,), "the tag names something else"
    start = time.monotonic()
    world.ask(place, *publish(world, place, 1, server.port, name), variables=NETWORK)
    world.seconds["publish"] = time.monotonic() - start
    assert pull(world, stranger, name) == new, "what is published is not what is pulled"
    shutil.rmtree(place.project / "dist")
    check_end(world, place, more=PULLED)
    return f"{way}: {ended.code}"


def disturb_pull(world, rng):
    place, server = world.make_place(), registry(world)
    content = module(world, 0)
    name = "pull"
    if not hasattr(world, "has_published"):
        world.ask(place, *publish(world, place, 0, server.port, name), variables=NETWORK)
        world.has_published = True
        shutil.rmtree(place.project / "dist")
    target = place.project / "pulled.wasm"
    earlier = rng.choice((None, b"earlier"))
    if earlier:
        target.write_bytes(earlier)
    way = rng.choice(("kill", "down", "down", "up"))
    limit = rng.choice((rng.randint(0, 2000), rng.randint(0, len(content) * 5 // 4)))
    limits = {"down": (limit, EVERYTHING), "up": (EVERYTHING, limit % 2000)}.get(way, (EVERYTHING, EVERYTHING))
    cut = Cut(server.port, *limits)
    command = ["pull", "-q", f"oci://127.0.0.1:{cut.port}/{name}:1", "-o", target]
    if way == "kill":
        ended = end(rng, place, Moment(rng, world.seconds.get("pull", 0.5), place.folder), *command, variables=NETWORK)
    else:
        ended = place.run(*command, variables=NETWORK)
        if ended.code:
            check_failure(ended, *LOST)
    found = target.read_bytes() if target.exists() else None
    assert found in (earlier, content), "what was pulled is not whole"
    check_whole(world, place)
    cut.limits = (EVERYTHING, EVERYTHING)
    start = time.monotonic()
    world.ask(place, *command, variables=NETWORK)
    world.seconds["pull"] = time.monotonic() - start
    cut.close()
    assert target.read_bytes() == content, "what is pulled is not what was published"
    check_whole(world, place)
    check_end(world, place, more=PULLED)
    return f"{way}: {ended.code}"


def disturb_download(world, rng):
    archive = pack_base(world)
    content = archive.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    place = world.make_place(own=True)
    shutil.rmtree(place.home / "bases")
    way = rng.choice(("kill", "cut", "cut", "changed"))
    stop = rng.randint(0, len(content)) if way == "cut" else None
    held = bytearray(content)
    if way == "changed":
        held[rng.randrange(len(held))] ^= 1 << rng.randrange(8)
    server = Files({"/base.tar.gz": bytes(held)}, lambda: stop)
    command = ["base", "add", f"http://127.0.0.1:{server.port}/base.tar.gz", "--sha256", digest]
    if way == "kill":
        moment = Moment(rng, world.seconds["base add"] * 1.5, place.home, 2000)
        ended = end(rng, place, moment, *command, variables=NETWORK)
    else:
        ended = place.run(*command, variables=NETWORK)
        check_failure(ended, *LOST) if way == "cut" else check_failure(ended, "sha-256", "digest")
    check_whole(world, place)
    stop, server.held["/base.tar.gz"] = None, content
    world.ask(place, *command, variables=NETWORK)
    server.close()
    world.ask(place, "base", "verify")
    check_whole(world, place)
    check_end(world, place)
    return f"{way}: {ended.code}"


def disturb_store(world, rng):
    kind = rng.choice(("plain", "plain", "extension"))
    options = "dev" if world.quick or kind != "plain" else rng.choice(("dev", "full"))
    expected = world.expect(kind, {}, options)
    way = rng.choice(("folder", "server"))
    chance = rng.choice((0.0, 0.3, 1.0))
    stop = lambda: rng.randint(0, rng.choice((100, 1 << 20))) if rng.random() < chance else None
    server = Files({}, stop)
    folder = world.folder / f"store-{world.count + 1}"
    folder.mkdir()
    url = folder.as_uri() if way == "folder" else f"http://127.0.0.1:{server.port}/store"
    variables = NETWORK | {"PYWASM_CACHE_URL": url}
    codes = []
    for attempt in range(3):
        place = world.make_place()
        forget(rng, place, 1.0)
        write_project(place.project, kind, {})
        command = ["build", "-q", *OPTIONS[options]]
        if rng.random() < 0.7:
            moment = Moment(rng, world.seconds[kind, options], folder if way == "folder" else place.folder, 10)
            if rng.random() < 0.3 and way == "server":
                child = place.start(*command, variables=variables)
                moment.wait(child)
                server.close()
                ended = place.wait(child)
                server = Files(server.held, stop)
                url = f"http://127.0.0.1:{server.port}/store"
                variables |= {"PYWASM_CACHE_URL": url}
            else:
                ended = end(rng, place, moment, *command, variables=variables)
        else:
            ended = place.run(*command, variables=variables)
        codes.append(ended.code)
        assert ended.code in (0, -signal.SIGKILL), ended.errors
        check_whole(world, place, expected)
        ended = place.run(*command, variables=variables)
        assert ended.code == 0, ended.errors
        check_end(world, place, expected, [r"cache/shared(/|$)"])
    server.stop = lambda: None
    place = world.make_place()
    forget(rng, place, 1.0)
    write_project(place.project, kind, {})
    ended = place.run("build", *OPTIONS[options], variables=variables)
    assert ended.code == 0, ended.errors
    check_whole(world, place, expected)
    check_end(world, place, expected, [r"cache/shared(/|$)"])
    odd = [path.name for path in files(folder) if not path.name.isalnum()]
    assert not odd, f"left in the store: {odd}"
    server.close()
    shutil.rmtree(folder)
    return f"{way} {kind} {options} {codes}"


ROUNDS = {
    "publish": (disturb_publish, 6),
    "pull": (disturb_pull, 6),
    "download of a base": (disturb_download, 5),
    "shared store": (disturb_store, 8),
}
