"""What a pywasm is made of: the output of `cargo metadata` in, an SBOM and the licences out.

usage: cargo metadata --format-version 1 --locked --filter-platform TARGET |
         python3 scripts/wheel/contents.py Cargo.lock TREE RECIPE_DIR OUT_DIR [BASE_DIR]

TREE is a list of the crates that are linked in, one a line, by `cargo tree -e normal,no-proc-macro`: it knows which
features the program has, where `cargo metadata` mixes in those of tests and build scripts.

Writes OUT_DIR/pywasm.cdx.json (CycloneDX 1.6, by the library cyclonedx-python-lib) and OUT_DIR/LICENSES.txt:
the crates that are linked in, the C and C++ that they carry, Rust's standard library, the recipe for bases, and
with BASE_DIR the base inside and its parts. The same sources give the same bytes: no time, no random number, no
path of this machine. scripts/sbom.sh runs it.
"""

import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tomllib
import uuid

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

import native

LICENSE_FILES = ("LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "UNLICENSE*", "COPYRIGHT*")


def linked(metadata, tree):
    """The packages in the program, by id."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    names = {tuple(line.split()[:2]) for line in tree.read_text().splitlines() if line.strip()}
    packages = [package for package in metadata["packages"] if (package["name"], "v" + package["version"]) in names]
    if len(packages) != len(names):
        sys.exit(f"{tree} has {len(names)} crates, and cargo's metadata {len(packages)} of them")
    return {package["id"]: (package, nodes[package["id"]]) for package in packages}


def component(name, version, license_text, purl=None, sha256=None, kind=ComponentType.LIBRARY):
    licenses = []
    if license_text:
        # Older crates write `MIT/Apache-2.0`.
        licenses = [LicenseFactory().make_from_string(re.sub(r"\s*/\s*", " OR ", license_text))]
    return Component(
        name=name, version=version, type=kind, licenses=licenses, purl=purl,
        bom_ref=f"{name}@{version}" if version else name,
        hashes=[HashTypeFactory().from_hashlib_alg("sha256", sha256)] if sha256 else [],
    )


def native_component(part):
    purl = PackageURL("github", *part.repository.split("/"), part.version)
    return component(part.name, part.version, part.license, purl)


def read(path):
    return path.read_text(errors="replace").strip()


def texts(package):
    """The licence files of a crate, sorted by name."""
    folder = pathlib.Path(package["manifest_path"]).parent
    if package["source"] is None and not list(folder.glob("LICENSE*")):
        folder = pathlib.Path(__file__).resolve().parents[2]
    # One folder down where the crate carries another project's sources, such as Binaryen's.
    for below in ("", "*/"):
        found = {path for pattern in LICENSE_FILES for path in folder.glob(below + pattern) if path.is_file()}
        if found:
            break
    return [read(path) for path in sorted(found)]


def recipe_digest(folder, packages):
    """As `recipe::digest` of the crate pywasm-base: `LENGTH PATH` and the content of each file, by path; and behind them
    the header that comes from another crate."""
    files = {}
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part.endswith("~") or part == "__pycache__" for part in parts):
            files["/".join(parts)] = path.read_bytes()
    hasher = hashlib.sha256()
    for path in sorted(files, key=str.encode):
        hasher.update(f"{len(files[path])} {path}\n".encode() + files[path])
    crate = next(package for package, _ in packages.values() if package["name"] == "wit-dylib")
    header = pathlib.Path(crate["manifest_path"]).with_name("wit_dylib.h").read_bytes()
    hasher.update(f"{len(header)} component/wit_dylib.h\n".encode() + header)
    return hasher.hexdigest()


def standard_library():
    """Rust's own libraries, of which each program has a part."""
    told = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"(?m)^release: (.+)$", told)[1]
    return component("rust-std", version, "MIT OR Apache-2.0", PackageURL("github", "rust-lang", "rust", version))


def main(lock, tree, recipe, out, base=None):
    metadata = json.load(sys.stdin)
    checksums = {(package["name"], package["version"]): package.get("checksum")
                 for package in tomllib.loads(lock.read_text())["package"]}
    packages = linked(metadata, tree)

    made, carried, entries = {}, {}, []
    for identity, (package, node) in packages.items():
        name, version, license_text = package["name"], package["version"], package["license"]
        purl = PackageURL("cargo", None, name, version) if package["source"] else None
        made[identity] = component(name, version, license_text, purl, checksums.get((name, version)))
        if not package["source"]:
            continue
        entries.append((name, version, license_text or "see its text", texts(package)))
        found = native.parts(name, pathlib.Path(package["manifest_path"]).parent, node["features"])
        carried[identity] = [native_component(part) for part in found]
        entries += [(part.name, part.version or f"in {name} {version}", part.license, [read(part.text)])
                    for part in found if part.text]

    root = made[metadata["resolve"]["root"]]
    root.type = ComponentType.APPLICATION
    digest = recipe_digest(recipe, packages)
    inside = [standard_library(), component("pywasm-recipe", digest[:12], "MIT", sha256=digest, kind=ComponentType.DATA)]
    parts = []
    if base:
        manifest = json.loads((base / "manifest.json").read_text())
        whole = component(manifest["id"], manifest["python"], None, kind=ComponentType.DATA)
        inside.append(whole)
        for part in manifest["sources"]:
            parts.append(component(part["name"], part["version"], part["license"], sha256=part["sha256"]))
            text = base / "licenses" / pathlib.PurePosixPath(part["license_file"]).name
            entries.append((part["name"], part["version"], part["license"], [read(text)]))

    others = [one for identity, one in made.items() if one is not root]
    bom = Bom(components=[*others, *(one for found in carried.values() for one in found), *inside, *parts])
    bom.metadata.component = root
    for identity, (_, node) in packages.items():
        needs = [made[dependency["pkg"]] for dependency in node["deps"] if dependency["pkg"] in made
                 and any(kind["kind"] is None for kind in dependency["dep_kinds"])]
        bom.register_dependency(made[identity], needs + carried.get(identity, []) + (inside if made[identity] is root else []))
    if base:
        bom.register_dependency(whole, parts)
    # The format has both; neither may come from a clock or from chance.
    bom.metadata.timestamp = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
    bom.serial_number = uuid.UUID(int=0)
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(text.encode()).hexdigest())
    out.mkdir(parents=True, exist_ok=True)
    (out / "pywasm.cdx.json").write_text(JsonV1Dot6(bom).output_as_string(indent=1) + "\n")
    (out / "LICENSES.txt").write_text(licences(entries))


def licences(entries):
    """One text: each part with its licence, and each licence's text once."""
    numbers, shown = {}, []
    lines = ["pywasm carries these parts. The texts stand below, each once.", ""]
    for name, version, license_text, found in sorted(entries, key=lambda entry: (entry[0].lower(), entry[1])):
        for text in found:
            if text not in numbers:
                numbers[text] = len(numbers) + 1
                shown.append(text)
        where = ", ".join(f"[{numbers[text]}]" for text in found) or "its package has no text of it"
        lines.append(f"{name} {version}: {license_text}: {where}")
    for text in shown:
        lines += ["", "-" * 80, f"[{numbers[text]}]", "", text]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
