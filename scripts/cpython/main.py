"""Compares CPython's own tests: a native Python, the base as a plain Python, and artifacts.

In:  what `ways.py` needs; `testdata/cpython` with what runs a file of tests, and `causes.toml` with the reasons for what
     differs.
Out: a line for each file, and for each difference without a cause; with `--table` the page
     `docs/reference/cpython-tests.md`. The exit code is 1 where a difference has no cause.
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "common"))
from compared import Causes, compare
from page import PAGE, write_page
from ways import LIBRARY, PROGRAM, Ways

ROOT = pathlib.Path(__file__).resolve().parents[2]


def compare_all(options):
    causes = Causes(PROGRAM / "causes.toml")
    ways = Ways(pathlib.Path(options.kept))
    files = {path.name.removesuffix(".py") for path in (LIBRARY / "test").glob("test_*")}
    every = sorted(name for name in files if "." not in name)
    names = options.file or [name for name in every if name not in causes.files]
    if options.finished:
        names = [name for name in names if all(ways.result(way, name).exists() for way in ("native", *options.ways))]
    ways.prepare(names)

    def one(name):
        return compare(name, {way: ways.run(way, name) for way in ("native", *options.ways)}, causes)

    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(one, names):
            results.append(result)
            print(result.tell(), flush=True)
    return results, causes, every


def main():
    others = [way for way in Ways.NAMES if way != "native"]
    parser = argparse.ArgumentParser(description="Run CPython's own tests on a base and in artifacts, beside a native Python.")
    parser.add_argument("file", nargs="*", help="files of tests, such as test_json (all)")
    parser.add_argument("--kept", required=True, help="where artifacts, mounted tests and results are kept")
    parser.add_argument("--ways", type=lambda text: text.split(","), default=others, help=f"what runs the tests ({','.join(others)})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="files at a time (one for each processor)")
    parser.add_argument("--finished", action="store_true", help="run nothing: compare the results that earlier runs left")
    parser.add_argument("--table", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    results, causes, every = compare_all(options)
    if options.table:
        write_page(results, causes.files, every)
    unknown = sum(len(result.unknown()) for result in results)
    native = sum(result.native for result in results)
    for way in options.ways:
        print(f"{way}: {sum(result.passed[way] for result in results)} of {native} tests pass")
    print(f"{unknown} differences have no known cause")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
