"""Compares engines: the same artifacts under each of them, three starts from one file, beside a native Python.

In:  the native Python that runs this; the engines of `commands.py`; the apps of `testdata/apps` with their cases, and
     `testdata/depth`; with `--tests` files of CPython's own tests.
Out: a line for each app or file of tests and engine; with `--table` the page `docs/reference/engines.md`. The exit code is 1
     where an app differs, or a test fails without a known cause.
"""

import argparse
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "scripts" / folder) for folder in ("common", "cpython")]
import apps
import tests
from commands import ENGINES
from compared import cause_rows

PAGE = ROOT / "docs" / "reference" / "engines.md"
MARK = "<!-- table -->"


def fresh(folder):
    """An empty folder, and none of what an engine kept of the file that was there."""
    shutil.rmtree(folder, ignore_errors=True)
    # See tests/engines/run_wasmtime.py.
    for kept in folder.parent.glob(f"{folder.name}*.compiled"):
        kept.unlink()
    return folder


def compare_apps(projects, engines, kept):
    """The cells of the table by the names of apps and engines, and how many starts differ."""
    rows, faults = {}, 0
    for project in projects:
        files = apps.build(project, fresh(kept / project.name))
        for engine in engines:
            starts, different = apps.compare(project, files, engine)
            faults += len(different)
            rows.setdefault(project.name, {})[engine] = f"{starts - len(different)} of {starts}"
            print(f"{project.name}, {engine}: {starts - len(different)} of {starts}", *different, sep="\n    ", flush=True)
    return rows, faults


def compare_tests(names, engines, cpython, kept):
    """The same for files of tests; then all comparisons."""
    share = tests.Share(names, cpython, fresh(kept / "cpython-tests"))
    rows, results = {}, []
    for name in names:
        for engine in engines:
            result = share.compare(name, engine)
            results.append(result)
            rows.setdefault(name, {})[engine] = f"{result.passed['artifact']} of {result.native}"
            print(f"{engine}: {result.tell()}", flush=True)
    return rows, sum(len(result.unknown()) for result in results), results


def table(title, rows):
    lines = [f"| {title} | {' | '.join(ENGINES)} |", f"| --- |{' ---: |' * len(ENGINES)}"]
    return lines + [f"| {name} | {' | '.join(row.get(engine, '-') for engine in ENGINES)} |" for name, row in rows.items()]


def write_page(rows, tested, results):
    head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    lines = [MARK, "", *table("app", rows)]
    if tested:
        lines += ["", *table("tests of CPython", tested), "", *cause_rows(results, {engine: engine for engine in ENGINES})]
    PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Run the same artifacts under every engine, beside a native Python.")
    parser.add_argument("app", nargs="*", help="folders of testdata/apps, or depth (all)")
    parser.add_argument("--kept", required=True, type=pathlib.Path, help="where the artifacts are kept")
    parser.add_argument("--cpython", required=True, type=pathlib.Path, help="what scripts/cpython-tests.sh keeps")
    parser.add_argument("--tests", action="append", default=[], metavar="FILE", help="a file of CPython's tests, such as test_json")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this one only")
    parser.add_argument("--table", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    chosen = parser.parse_args()
    engines = chosen.engine or list(ENGINES)
    every = [*sorted(path for path in (ROOT / "testdata/apps").iterdir() if path.is_dir()), ROOT / "testdata/depth"]
    rows, faults = compare_apps([one for one in every if not chosen.app or one.name in chosen.app], engines, chosen.kept)
    tested, unknown, results = {}, 0, []
    if chosen.tests:
        tested, unknown, results = compare_tests(chosen.tests, engines, chosen.cpython, chosen.kept)
    if chosen.table:
        write_page(rows, tested, results)
    return 1 if faults or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
