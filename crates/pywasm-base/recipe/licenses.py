"""Collects one licence text for each part of the base.

In: sources.json, the unpacked sources, the recipe's folder, the toolchain's digests. Out: licenses/ in the folder to fill, and the manifest's `sources`:
what each part is, from which archive it came, and which text covers it.
"""

import glob
import hashlib
import json
import os
import re


def collect_licenses(recipe, work, out, python_version, toolchain):
    """Fills OUT/licenses and returns the manifest's list of sources, sorted by name."""
    with open(os.path.join(recipe, "sources.json"), encoding="utf-8") as file:
        pins = json.load(file)
    folder = os.path.join(out, "licenses")
    os.makedirs(folder, exist_ok=True)

    def entry(name, version, sha256, license, text):
        path = f"licenses/{name}.txt"
        with open(os.path.join(out, path), "w", encoding="utf-8") as file:
            file.write(text)
        return {"name": name, "version": version, "sha256": sha256, "license": license, "license_file": path}

    sources = []
    for pin in pins["archives"]:
        if pin["name"] == "cpython" and pin["version"] != python_version:
            continue
        text = read(os.path.join(work, pin["name"], pin["license_file"]))
        sources.append(entry(pin["name"], pin["version"], pin["sha256"], pin["license"], text))

    # What CPython's archive carries of others. Its own bill of materials knows the versions.
    (cpython,) = [source for source in sources if source["name"] == "cpython"]
    versions = {part["name"]: part["versionInfo"] for part in json.loads(read(os.path.join(work, "cpython/Misc/sbom.spdx.json")))["packages"]}
    for part in pins["parts"]:
        text = read(os.path.join(work, "cpython", part["file"]))
        if part.get("comment"):
            text = first_comment(text)
        version = versions.get(part["name"], python_version)
        sources.append(entry(part["name"], version, cpython["sha256"], part["license"], text))

    # What the linker takes from the toolchain: here the digest is that of the library itself, which has no archive.
    for part in pins["toolchain"]:
        text = read(os.path.join(recipe, part["file"]))
        sources.append(entry(part["name"], "as in the toolchain", toolchain[part["name"]].removeprefix("sha256:"), part["license"], text))
    # Our own: the digest is over the files that end up in the base.
    for part in pins["recipe"]:
        text = read(os.path.join(recipe, part["file"]))
        sources.append(entry(part["name"], "as in the recipe", digest_of(recipe, ("runtime", "overlay")), part["license"], text))
    return sorted(sources, key=lambda source: source["name"])


def digest_of(recipe, folders):
    """SHA-256 over the paths and bytes of all files in the recipe's folders."""
    files = (path for folder in folders for path in glob.iglob(os.path.join(recipe, folder, "**"), recursive=True))
    total = hashlib.sha256()
    for path in sorted(path for path in files if os.path.isfile(path)):
        with open(path, "rb") as file:
            content = file.read()
        total.update(f"{len(content)} {os.path.relpath(path, recipe)}\n".encode() + content)
    return total.hexdigest()


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def first_comment(text):
    """The text of a C file's first comment."""
    comment = re.search(r"/\*(.*?)\*/", text, re.DOTALL).group(1)
    return "\n".join(re.sub(r"^ ?\*? ?", "", line).rstrip() for line in comment.splitlines()).strip() + "\n"
