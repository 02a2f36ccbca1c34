"""Compares CPython's own tests: a native Python beside an artifact.

In:  the native Python that runs this, with its sources beside it; the tool by the variable PYWASM, its bases;
     `testdata/cpython` with what runs a file of tests, and `causes.toml` with the reasons for what differs.
Out: a line for each file, and for each test that passes natively only; with `--table` the page
     `docs/reference/cpython-tests.md`. The exit code is 1 where a difference has no cause.

There is one artifact for all files: it has the whole standard library, is built with the profile `dev`, and starts from
its snapshot as any other does. It finds the package `test` in a mounted folder.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import sys

from compared_tests import Causes, Run, cause_rows, compare, start, succeed, tell

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "testdata" / "cpython"
PAGE = ROOT / "docs" / "reference" / "cpython-tests.md"
PYWASM = os.environ["PYWASM"]
LIBRARY = pathlib.Path(sys.executable).parent.parent / "cpython" / "Lib"
SECONDS = 400

# Parts of the names of modules that no artifact can have.
ELSEWHERE = ("_gdbm", "_dbm", "dbm.gnu", "dbm.ndbm", "windows", "win32")


# ---- running ----


def run(command):
    """Runs a file of tests, and nothing longer than that."""
    output, errors = start(command, SECONDS)
    for line in output.splitlines():
        if line.startswith("REPORT "):
            report = json.loads(line.removeprefix("REPORT "))
            return Run(report["tests"], report["whole"])
    return Run({}, f"it ended without a report: {errors[-1200:]}")


def build(kept):
    """Builds the artifact. Returns its path and the folder to mount."""
    project, mounted = kept / "project", kept / "mounted"
    project.mkdir(parents=True, exist_ok=True)
    if not (mounted / "test").is_dir():
        shutil.copytree(LIBRARY / "test", mounted / "test.new", ignore=shutil.ignore_patterns("__pycache__"))
        (mounted / "test.new").rename(mounted / "test")
    shutil.copy(PROGRAM / "main.py", project)
    base = pathlib.Path(succeed([PYWASM, "base", "path"]).strip())
    include = sorted(modules(base / "stdlib") | builtins(base))
    settings = {"entry": "main.py", "external": ["test"], "docstrings": "all", "codecs": ["all"], "include": include}
    lines = ["[project]", 'name = "cpython-tests"', 'version = "1"', "[tool.pywasm]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (project / "pyproject.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    succeed([PYWASM, "build", "-q", "--profile", "dev", str(project)])
    return project / "dist" / "cpython-tests.wasm", mounted


def modules(stdlib):
    """All modules of the standard library's folder."""
    found = set()
    for path in stdlib.rglob("*.py"):
        parts = path.relative_to(stdlib).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if all(part.isidentifier() for part in name.split(".")):
            found.add(name)
    return {name for name in found if not any(word in name for word in ELSEWHERE)}


def builtins(base):
    """The builtin modules that a program can import and leave out."""
    always = {"_frozen_importlib", "_frozen_importlib_external", "_imp", "_thread", "_warnings", "_weakref", "builtins", "sys"}
    names = json.loads((base / "manifest.json").read_text(encoding="utf-8"))["builtins"]
    return {name for name in names if name not in always and not name.startswith("_pywasm")}


# ---- comparing ----


def compare_all(options):
    causes = Causes(PROGRAM / "causes.toml")
    wasm, mounted = build(pathlib.Path(options.kept))
    every = sorted({path.name.removesuffix(".py") for path in (LIBRARY / "test").glob("test_*") if "." not in path.name.removesuffix(".py")})
    names = options.file or [name for name in every if name not in causes.files]

    def one(name):
        program = str(PROGRAM / "main.py")
        native = run([sys.executable, "-B", "-s", "-X", "utf8", program, str(mounted), name])
        artifact = run([PYWASM, "run", "-q", "--dir", f"{mounted}::/cpython", str(wasm), "--", "/cpython", name])
        return compare(name, native, artifact, causes)

    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(one, names):
            results.append(result)
            print(tell(result), flush=True)
    return results, causes, every


# ---- the page ----


def write_page(results, causes, every):
    native = sum(result.native for result in results)
    both = sum(result.both for result in results)
    skipped = sum(result.skipped for result in results)
    head = PAGE.read_text(encoding="utf-8").partition("<!-- table -->")[0]
    lines = [
        "<!-- table -->",
        "",
        f"{native:,} tests of {len(results)} files pass natively. Of these, {both:,} pass in the artifact, {skipped:,} are"
        f" skipped there, and {native - both - skipped:,} fail. Without those that are skipped, {100 * both / (native - skipped):.1f} % pass.",
        "",
        *cause_rows(results),
        "",
        "| file | pass natively | pass in the artifact | skipped there | fail there |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {result.name} | {result.native} | {result.both} | {result.skipped} | {len(result.failed)} |"
            for result in results
            if result.native
        ),
        "",
        "These files are not run:",
        "",
    ]
    by_cause = {}
    for name in every:
        if name in causes.files:
            by_cause.setdefault(causes.files[name], []).append(name)
    lines += [f"- {cause}: {', '.join(names)}" for cause, names in sorted(by_cause.items())]
    nothing = [result.name for result in results if not result.native]
    lines += [f"- nothing in them passes natively: {', '.join(nothing)}"] if nothing else []
    PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Run CPython's own tests in an artifact, beside a native Python.")
    parser.add_argument("file", nargs="*", help="files of tests, such as test_json (all)")
    parser.add_argument("--kept", required=True, help="where the artifact and the mounted tests are kept")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="files at a time (one for each processor)")
    parser.add_argument("--table", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    results, causes, every = compare_all(options)
    if options.table:
        write_page(results, causes, every)
    unknown = sum(cause is None for result in results for _, _, cause in result.failed)
    native, both = sum(result.native for result in results), sum(result.both for result in results)
    print(f"{both} of {native} tests pass; {unknown} fail without a known cause")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
