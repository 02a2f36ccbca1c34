"""The C, C++ and assembly of others that crates of the program carry and compile: crate by crate, what it is,
its version and licence.

In: the folder of a crate, as cargo unpacked it, and its features. Out: its parts. A crate with such sources that nobody has looked
at ends the program: an SBOM without it would be wrong.
"""

import pathlib
import re
import sys
from typing import NamedTuple


class Part(NamedTuple):
    """One project within a crate."""

    name: str
    version: str | None
    license: str
    # Where the project lives: the name of a repository, as in a purl.
    repository: str
    # The file with its licence, or nothing where the crate's own covers it.
    text: pathlib.Path | None


# Each part: name, licence, repository, the file and pattern that tell its version, the tag made from that, the licence
# file. Binaryen's copy of LLVM's DWARF code is missing: it is compiled with the feature `dwarf` alone.
PARTS = {
    "wasm-opt-sys": [
        ("Binaryen", "Apache-2.0", "WebAssembly/binaryen", ("binaryen/CMakeLists.txt", r"project\(binaryen .*VERSION (\d+)\)"), "version_{}", "binaryen/LICENSE"),
    ],
    "zstd-sys": [
        ("zstd", "BSD-3-Clause", "facebook/zstd", ("Cargo.toml", r'(?m)^version = ".*\+zstd\.([0-9.]+)"'), "v{}", "zstd/LICENSE"),
    ],
    "aws-lc-sys": [
        ("AWS-LC", "ISC AND (Apache-2.0 OR ISC) AND MIT AND BSD-3-Clause", "aws/aws-lc", ("aws-lc/include/openssl/base.h", r'AWSLC_VERSION_NUMBER_STRING "([0-9.]+)"'), "v{}", "aws-lc/LICENSE"),
        ("fiat-crypto", "MIT", "mit-plv/fiat-crypto", None, None, "aws-lc/third_party/fiat/LICENSE"),
        ("jitterentropy-library", "BSD-3-Clause OR GPL-2.0-only", "smuellerDD/jitterentropy-library", None, None, None),
        ("s2n-bignum", "Apache-2.0 OR ISC OR MIT-0", "awslabs/s2n-bignum", None, None, None),
    ],
}

# Native sources that the crate's own authors wrote for it: the crate's entry covers them.
OWN = {"cxx", "link-cplusplus", "psm", "stacker", "wasm-opt-cxx-sys", "wasmtime", "wasmtime-internal-fiber", "wasmtime-internal-jit-debug", "wit-dylib"}
# Native files that no build compiles: tests, tools, a header for C programs, data.
UNUSED = {"brotli-decompressor", "crc-fast", "nix", "walkdir", "wit-component"}

SUFFIXES = {".a", ".asm", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".lib", ".o", ".obj", ".S", ".s", ".so"}


def parts(name: str, folder: pathlib.Path, features: list[str]) -> list[Part]:
    """The parts of one crate."""
    if name not in PARTS:
        if name not in OWN | UNUSED:
            found = next((path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES and path.is_file()), None)
            if found:
                sys.exit(f"{found}: what is this? Write the crate `{name}` into a table of {__file__}")
        return []
    if name == "wasm-opt-sys" and "dwarf" in features:
        sys.exit(f"{folder}: with the feature `dwarf`, LLVM's code is inside: write it into the table of {__file__}")
    made = []
    for project, license_text, repository, told_by, tag, text in PARTS[name]:
        version = None
        if told_by:
            file, pattern = told_by
            match = re.search(pattern, (folder / file).read_text(encoding="utf-8"))
            if not match:
                sys.exit(f"{folder / file}: does not tell the version of {project} as it did")
            version = tag.format(match[1])
        made.append(Part(project, version, license_text, repository, folder / text if text else None))
    return made
