"""Fills a base's folder with everything but base.wasm: the standard library, the headers, the licences, the areas, the manifest.

usage: assemble.py RECIPE WORK OUT PYTHON_VERSION      (run by the native interpreter that build.sh made)
"""

import sys

from areas import write_areas
from include import collect_include
from licenses import collect_licenses
from manifest import describe_toolchain, write_manifest
from stdlib import collect_stdlib


def main(recipe, work, out, python_version):
    collect_stdlib(recipe, work, out)
    collect_include(work, out)
    write_areas(recipe, work, out)
    toolchain = describe_toolchain(work)
    sources = collect_licenses(recipe, work, out, python_version, toolchain)
    write_manifest(recipe, work, out, python_version, toolchain, sources)


main(*sys.argv[1:])
