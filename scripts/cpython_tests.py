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
import dataclasses
import fnmatch
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "testdata" / "cpython"
PAGE = ROOT / "docs" / "reference" / "cpython-tests.md"
PYWASM = os.environ["PYWASM"]
LIBRARY = pathlib.Path(sys.executable).parent.parent / "cpython" / "Lib"
SECONDS = 400

# Parts of the names of modules that no artifact can have.
ELSEWHERE = ("_gdbm", "_dbm", "dbm.gnu", "dbm.ndbm", "windows", "win32")


# ---- causes ----


class Causes:
    """Why files are not run, and why tests fail in an artifact only."""

    def __init__(self, path):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        self.files = {name: entry["why"] for entry in document["file"] for name in entry["names"]}
        self.tests = [
            (entry.get("names", ["*"]), re.compile(entry.get("says", ""), re.S), entry["why"]) for entry in document["test"]
        ]

    def find(self, name, reason):
        """The cause of one failure, or None."""
        for patterns, says, why in self.tests:
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns) and says.search(reason):
                return why
        return None


# ---- running ----


@dataclasses.dataclass
class Run:
    """What one Python made of one file: `tests` by their names, as [word, reason]; `whole`: why there are none."""

    tests: dict
    whole: str


def run(command):
    """Runs a file of tests, and nothing longer than that."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONHASHSEED": "0"}
    if "PYWASM_HOME" in os.environ:
        environment["PYWASM_HOME"] = os.environ["PYWASM_HOME"]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(
        command, env=environment, text=True, errors="replace", start_new_session=True, **pipes
    )
    try:
        output, errors = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        output, errors = "", f"it did not end in {SECONDS} s"
    finally:
        # What the tests have started may still run.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
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


def succeed(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


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


@dataclasses.dataclass
class Comparison:
    """One file: how many tests pass natively, pass in both, are skipped in the artifact; and (name, reason, cause) of
    those that fail there. `note`: why there is nothing to compare."""

    name: str
    native: int = 0
    both: int = 0
    skipped: int = 0
    failed: list = dataclasses.field(default_factory=list)
    note: str = ""


def compare(name, native, artifact, causes):
    result = Comparison(name)
    passed = [test for test, (word, _) in native.tests.items() if word == "passed"]
    result.native = len(passed)
    if not passed:
        result.note = last_line(native.whole) or "no test passes natively"
        return result
    for test in passed:
        word, reason = artifact.tests.get(test, ["skipped" if artifact.whole.startswith("skipped") else "failed", artifact.whole])
        if word == "passed":
            result.both += 1
        elif word == "skipped":
            result.skipped += 1
        else:
            result.failed.append((test, last_line(reason) or "it was not run", causes.find(test, reason)))
    return result


def last_line(text):
    return (text.strip().splitlines() or [""])[-1].strip()[:160]


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


def tell(result):
    if result.note:
        return f"{result.name}: {result.note}"
    unknown = [(test, reason) for test, reason, cause in result.failed if cause is None]
    text = f"{result.name}: {result.both} of {result.native} pass, {result.skipped} are skipped, {len(result.failed)} fail"
    return "\n    ".join([text, *(f"{test}: {reason}" for test, reason in unknown)])


# ---- the page ----


def write_page(results, causes, every):
    native = sum(result.native for result in results)
    both = sum(result.both for result in results)
    skipped = sum(result.skipped for result in results)
    count = {}
    for result in results:
        for _, _, cause in result.failed:
            count[cause or "not known yet"] = count.get(cause or "not known yet", 0) + 1
    head = PAGE.read_text(encoding="utf-8").partition("<!-- table -->")[0]
    lines = [
        "<!-- table -->",
        "",
        f"{native:,} tests of {len(results)} files pass natively. Of these, {both:,} pass in the artifact, {skipped:,} are"
        f" skipped there, and {native - both - skipped:,} fail. Without those that are skipped, {100 * both / (native - skipped):.1f} % pass.",
        "",
        "| why tests fail in the artifact | tests |",
        "| --- | ---: |",
        *(f"| {cause} | {number:,} |" for cause, number in sorted(count.items(), key=lambda item: (-item[1], item[0]))),
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
