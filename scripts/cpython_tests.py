"""Compares CPython's own tests: a native Python, the base as a plain Python, and artifacts.

In:  what `cpython_ways.py` needs; `testdata/cpython` with what runs a file of tests, and `causes.toml` with the reasons
     for what differs.
Out: a line for each file, and for each difference without a cause; with `--table` the page
     `docs/reference/cpython-tests.md`. The exit code is 1 where a difference has no cause.

There are two kinds of difference. A test that passes natively fails elsewhere; or one that passes on the base, where
nothing is shaken, does not pass in an artifact, and is a fault of the build.
"""

import argparse
import concurrent.futures
import dataclasses
import fnmatch
import os
import pathlib
import re
import sys
import tomllib

from cpython_page import PAGE, write_page
from cpython_ways import LIBRARY, PROGRAM, Ways

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Causes:
    """Why files are not run, and why tests fail."""

    def __init__(self, path):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        self.files = {name: entry["why"] for entry in document["file"] for name in entry["names"]}
        self.native = [Cause(entry) for entry in document["test"]]
        self.base = [Cause(entry) for entry in document["artifact"]]

    def find(self, failure):
        """The cause of a failure, or None."""
        causes = self.base if failure.passes_on_base else [*self.native, *self.base]
        return next((cause.why for cause in causes if cause.explains(failure)), None)


class Cause:
    """An entry of the file of causes."""

    def __init__(self, entry):
        self.names = entry.get("names", ["*"])
        self.says = re.compile(entry.get("says", ""), re.S)
        self.ways = entry.get("ways", Ways.NAMES)
        self.why = entry["why"]

    def explains(self, failure):
        is_named = any(fnmatch.fnmatchcase(failure.test, pattern) for pattern in self.names)
        return failure.way in self.ways and is_named and bool(self.says.search(failure.reason))


@dataclasses.dataclass
class Failure:
    """A test that passes natively and fails in another way; or is skipped there, where it passes on the base."""

    test: str
    way: str
    reason: str
    is_skipped: bool
    passes_on_base: bool
    cause: str | None = None

    def tell(self):
        last = (self.reason.strip().splitlines() or ["it was not run"])[-1].strip()[:160]
        compared = "passes on the base, " if self.passes_on_base else ""
        return f"{self.test}: {compared}{'is skipped' if self.is_skipped else 'fails'} in the way {self.way}: {last}"


@dataclasses.dataclass
class Comparison:
    """One file: how many tests pass natively; how many of those pass and are skipped in each other way; and what
    fails. `note`: why there is nothing to compare."""

    name: str
    native: int = 0
    passed: dict = dataclasses.field(default_factory=dict)
    skipped: dict = dataclasses.field(default_factory=dict)
    failures: list = dataclasses.field(default_factory=list)
    note: str = ""

    def failed(self, way):
        return self.native - self.passed[way] - self.skipped[way]


def compare(name, runs, causes):
    """Compares the runs of one file, by the names of their ways."""
    result = Comparison(name)
    native = runs.pop("native")
    passed = [test for test, (word, _) in native.tests.items() if word == "passed"]
    result.native = len(passed)
    if not passed:
        result.note = (native.whole.strip().splitlines() or ["no test passes natively"])[-1]
    for way, run in runs.items():
        words = [outcome(run, test) for test in passed]
        result.passed[way] = sum(word == "passed" for word, _ in words)
        result.skipped[way] = sum(word == "skipped" for word, _ in words)
        for test, (word, reason) in zip(passed, words):
            passes_on_base = way != "base" and "base" in runs and outcome(runs["base"], test)[0] == "passed"
            if word == "failed" or (word == "skipped" and passes_on_base):
                failure = Failure(test, way, reason, word == "skipped", passes_on_base)
                failure.cause = causes.find(failure)
                result.failures.append(failure)
    return result


def outcome(run, test):
    """What became of one test, and why."""
    if test in run.tests:
        return run.tests[test]
    return ["skipped" if run.whole.startswith("skipped") else "failed", run.whole]


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
            print(tell(result), flush=True)
    return results, causes, every


def tell(result):
    if result.note:
        return f"{result.name}: {result.note}"
    passed = ", ".join(f"{way} {count}" for way, count in result.passed.items())
    unknown = [failure.tell() for failure in result.failures if failure.cause is None]
    return "\n    ".join([f"{result.name}: native {result.native}, {passed}", *unknown])


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
    unknown = sum(failure.cause is None for result in results for failure in result.failures)
    native = sum(result.native for result in results)
    for way in options.ways:
        print(f"{way}: {sum(result.passed[way] for result in results)} of {native} tests pass")
    print(f"{unknown} differences have no known cause")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
