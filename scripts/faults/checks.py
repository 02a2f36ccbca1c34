"""Looks at what a disturbed command left, and at what the next one made of it.

In:  a place, and what builds there may have given. Out: an `AssertionError` that says what is wrong.
"""

import hashlib
import pathlib
import re

from world import read_dist, tree

UNFINISHED = re.compile(r"(^|/)(\.pywasm-(unfinished|working)-|\.tmp|\.staging-)[^/]*$")
# What belongs to the installers.
FOREIGN = re.compile(r"^(uv|\.local|\.config|\.cache)(/|$)")


def check_whole(world, place, *known):
    """That what has its final name is whole. `known`: what `dist/` may consist of."""
    dist = place.project / "dist"
    found = read_dist(dist)
    for name, content in found.items():
        if name != "SHA256SUMS":
            assert any(one.get(name) == content for one in known), f"dist/{name} is not what any build gives"
    if "SHA256SUMS" in found:
        for line in found["SHA256SUMS"].decode().splitlines():
            digest, name = line.split()
            assert name in found, f"SHA256SUMS names {name}, which is not in dist/"
            assert hashlib.sha256(found[name]).hexdigest() == digest, f"dist/{name} differs from SHA256SUMS"
    cache = place.home / "cache"
    for path in files(cache):
        relative = path.relative_to(cache)
        if UNFINISHED.search("/".join(relative.parts)) or any(part.startswith(".") for part in relative.parts):
            continue
        check_entry(world, relative, path)
    for path in (place.home / "bases").glob("[!.]*"):
        if not path.is_symlink():
            check_base(world, path)


def check_entry(world, relative, path):
    """That an entry of the cache is the one that its name says."""
    original = world.full.home / "cache" / relative
    if original.exists() and original.samefile(path):
        return
    content = path.read_bytes()
    digest = lambda part: hashlib.sha256(part).hexdigest()
    match relative.parts:
        case ("stages", _, _) | ("shared", _, _, _):
            assert digest(content[64:]) == content[:64].decode(), f"the entry {relative} is not whole"
        case ("registry", "sha256", name) | ("wheels", name, _):
            assert digest(content) == name, f"{relative} has another digest"
        case ("machine-code" | "site-packages" | "own-metadata", *_):
            if original.is_file() and relative.name not in ("RECORD", "install.json"):
                assert original.read_bytes() == content, f"{relative} is not what an undisturbed build leaves"
    if relative.parts[0] == "site-packages":
        folder = path.parents[len(relative.parts) - 3]
        assert (folder / "install.json").is_file(), f"{folder.name} has a final name and no install.json"


def check_base(world, folder):
    original = world.full.home / "bases" / folder.name
    for path in files(original):
        copy = folder / path.relative_to(original)
        assert copy.is_file(), f"the base has its final name, and no {copy.relative_to(folder)}"
        same = copy.stat().st_ino == path.stat().st_ino or copy.read_bytes() == path.read_bytes()
        assert same, f"{copy.relative_to(folder)} of the base is not whole"


def check_end(world, place, expected=None, more=()):
    """That the build after the disturbed one gave the right bytes, and that nothing unfinished is left. `more`: patterns
    for files of the home that no build of the full home makes."""
    if expected is not None:
        found = read_dist(place.project / "dist")
        assert sorted(found) == sorted(expected), f"dist/ has {sorted(found)}"
        for name, content in expected.items():
            assert found[name] == content, f"dist/{name} is another one than where nothing was disturbed"
    left = [path for path in tree(place.folder) if UNFINISHED.search(path) and not FOREIGN.match(path)]
    assert not left, f"left over: {left}"
    temporary = tree(place.temporary)
    assert not temporary, f"left in the folder for temporary files: {temporary}"
    world.names.update(tree(world.full.home))
    unknown = [name for name in set(tree(place.home)) - world.names if not any(re.match(one, name) for one in more)]
    assert not unknown, f"grown: {sorted(unknown)[:10]}"


def check_failure(ended, *words):
    """That a command said what is wrong, with an exit code that its page has."""
    assert ended.code in (1, 2), f"exit code {ended.code}:\n{ended.errors}"
    assert "error" in ended.errors, f"no error is shown:\n{ended.errors}"
    if words:
        said = ended.errors.lower()
        assert any(word in said for word in words), f"none of {words} is in:\n{ended.errors}"


def files(folder):
    return [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]
