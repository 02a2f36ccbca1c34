"""Fills a base's folder with everything but base.wasm: the standard library, the headers, the licences, the areas, the manifest.

usage: assemble.py RECIPE WORK OUT PYTHON_VERSION      (run by the native interpreter that build.sh made)
"""

import os
import sys

from areas import write_areas
from docs import write_docs
from include import collect_include
from licenses import collect_licenses
from manifest import describe_toolchain, inittab, write_manifest
from signatures import write_signatures
from stdlib import collect_stdlib
from zones import collect_zones


def main(recipe, work, out, python_version):
    collect_stdlib(recipe, work, out)
    collect_zones(work, out)
    write_signatures(out, inittab(os.path.join(work, "cross")))
    write_docs(out, inittab(os.path.join(work, "cross")))
    collect_include(work, out)
    write_areas(recipe, work, out)
    toolchain = describe_toolchain(work)
    sources = collect_licenses(recipe, work, out, python_version, toolchain)
    write_manifest(recipe, work, out, python_version, toolchain, sources)


main(*sys.argv[1:])
