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
# Where the tables begin; nothing follows the second one.
APPS, TESTS = "<!-- apps -->", "<!-- tests -->"


def fresh(folder):
    """An empty folder, and none of what an engine kept of the file that was there."""
    shutil.rmtree(folder, ignore_errors=True)
    # See tests/engines/run_wasmtime.py.
    for kept in folder.parent.glob(f"{folder.name}*.compiled"):
        kept.unlink()
    return folder


def compare_app(project, engines, kept):
    """The cells of the table by the names of engines, and how many starts differ."""
    files = apps.build(project, fresh(kept / project.name))
    cells, faults = {}, 0
    for engine in engines:
        starts, different = apps.compare(project, files, engine)
        faults += len(different)
        cells[engine] = f"{starts - len(different)} of {starts}"
        print(f"{project.name}, {engine}: {cells[engine]}", *different, sep="\n    ", flush=True)
    return cells, faults


def compare_tests(names, engines, cpython, kept, write):
    """How many tests fail without a known cause. `write` gets the cells and all comparisons after each file."""
    share = tests.Share(names, cpython, fresh(kept / "cpython-tests"))
    rows, results = {}, []
    for name in names:
        for engine in engines:
            result = share.compare(name, engine)
            results.append(result)
            rows.setdefault(name, {})[engine] = f"{result.passed['artifact']} of {result.native}"
            print(f"{engine}: {result.tell()}", flush=True)
        write(rows, results)
    return sum(len(result.unknown()) for result in results)


def table(title, rows):
    return [f"| {title} | {' | '.join(ENGINES)} |", f"| --- |{' ---: |' * len(ENGINES)}", *rows]


def row(name, cells):
    return f"| {name} | {' | '.join(cells.get(engine, '-') for engine in ENGINES)} |"


def write_app(name, cells, order):
    """Writes the row of an app again, and keeps those of the others. `order`: the names of all."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(APPS)
    earlier, _, after = rest.partition(TESTS)
    rows = {line.split("|")[1].strip(): line for line in earlier.splitlines() if line.startswith("| ")}
    rows[name] = row(name, cells)
    lines = table("app", [rows[name] for name in order if name in rows])
    PAGE.write_text(f"{head}{APPS}\n\n" + "\n".join(lines) + f"\n\n{TESTS}{after}", encoding="utf-8")


def write_tests(made, results):
    head, _, _ = PAGE.read_text(encoding="utf-8").partition(TESTS)
    lines = table("tests of CPython", [row(name, cells) for name, cells in made.items()])
    if any(result.failures for result in results):
        lines += ["", *cause_rows(results, {engine: engine for engine in ENGINES})]
    PAGE.write_text(f"{head}{TESTS}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Run the same artifacts under every engine, beside a native Python.")
    parser.add_argument("app", nargs="*", help="folders of testdata/apps, or depth; without any and without --tests: all")
    parser.add_argument("--kept", required=True, type=pathlib.Path, help="where the artifacts are kept")
    parser.add_argument("--cpython", required=True, type=pathlib.Path, help="what scripts/cpython-tests.sh keeps")
    parser.add_argument("--tests", action="append", default=[], metavar="FILE", help="a file of CPython's tests, such as test_json")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this one only")
    parser.add_argument("--table", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    chosen = parser.parse_args()
    engines = chosen.engine or list(ENGINES)
    every = [*sorted(path for path in (ROOT / "testdata/apps").iterdir() if path.is_dir()), ROOT / "testdata/depth"]
    names = [project.name for project in every]
    faults = 0
    for project in every:
        if project.name in (chosen.app or ([] if chosen.tests else names)):
            cells, different = compare_app(project, engines, chosen.kept)
            faults += different
            if chosen.table:
                write_app(project.name, cells, names)
    unknown = 0
    if chosen.tests:
        write = write_tests if chosen.table else lambda rows, results: None
        unknown = compare_tests(chosen.tests, engines, chosen.cpython, chosen.kept, write)
    return 1 if faults or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
