"""Compares engines: the same artifacts under each of them, three starts from one file, beside a native Python.

In:  the native Python that runs this; the tool and the engines by the variables PYWASM, PYWASM_TEST_VENV, PYWASM_WASMI and
     PYWASM_WASMEDGE; the apps of `testdata/apps` with their cases, and `testdata/depth`; with `--tests` files of CPython's
     own tests, in the artifact that `scripts/cpython-tests.sh` leaves.
Out: a line for each app and engine; with `--table` the page `docs/reference/engines.md`. The exit code is 1 where an engine
     differs.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "engines.md"
DRIVERS = ROOT / "tests" / "engines"
STARTS = 3
PYWASM = os.environ["PYWASM"]
VENV = pathlib.Path(os.environ["PYWASM_TEST_VENV"])


# ---- engines: each makes a command of a file, options as `pywasm run` has them, and arguments ----


def by_pywasm(file, mounts, env, args):
    return [PYWASM, "run", "-q", *options(mounts, env), str(file), "--", *args]


def by_wasmtime(file, mounts, env, args):
    return [str(VENV / "bin/python"), str(DRIVERS / "run_wasmtime.py"), *options(mounts, env), str(file), *args]


def by_node(file, mounts, env, args):
    return ["node", "--no-warnings", str(DRIVERS / "run_node.mjs"), *options(mounts, env), str(file), *args]


def by_wasmi(file, mounts, env, args):
    # It mounts a folder under the name by which it is given, in the current folder.
    folders = [part for guest in mounts for part in ("--dir", guest.removeprefix("/"))]
    variables = [part for name, value in env.items() for part in ("--env", f"{name}={value}")]
    return [os.environ["PYWASM_WASMI"], *folders, *variables, str(file), *args]


def by_wasmedge(file, mounts, env, args):
    folders = [part for guest, host in mounts.items() for part in ("--dir", f"{guest}:{host}")]
    variables = [part for name, value in env.items() for part in ("--env", f"{name}={value}")]
    program = pathlib.Path(os.environ["PYWASM_WASMEDGE"]) / "wasmedge"
    return [str(program), *folders, *variables, str(file), *args]


ENGINES = {
    "pywasm run": ("wasm", by_pywasm),
    "pywasm run, .cwasm": ("cwasm", by_pywasm),
    "wasmtime for Python": ("wasm", by_wasmtime),
    "node:wasi": ("wasm", by_node),
    "wasmi": ("wasm", by_wasmi),
    "WasmEdge": ("wasm", by_wasmedge),
}


def options(mounts, env):
    folders = [part for guest, host in mounts.items() for part in ("--dir", f"{host}::{guest}")]
    return [*folders, *(part for name, value in env.items() for part in ("--env", f"{name}={value}"))]


# ---- apps ----


def build(project, out):
    """The files of a build with machine code for this machine, by their endings."""
    if not list(out.glob("*.cwasm")):
        command = [PYWASM, "build", "-q", "--profile", "dev", "--aot", "--out-dir", str(out), str(project)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"{project.name}: {done.stderr}")
    return {end: next(out.glob(f"*.{end}")) for end in ("wasm", "cwasm")}


def native_command(project, args):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pywasm"]
    source = project / "src" if (project / "src").is_dir() else project
    search = os.pathsep.join([str(source), *(str(project / path) for path in settings.get("paths", []))])
    entry = settings["entry"]
    if entry.endswith(".py"):
        start = [str(project / entry)]
    elif ":" in entry:
        module, function = entry.split(":")
        start = ["-c", f"import sys; from {module} import {function}; sys.exit({function}())"]
    else:
        start = ["-m", entry]
    return [sys.executable, "-B", *start, *args], {"PYTHONPATH": search}


def see(case, folder, make):
    """Runs a case in a new folder: exit code, standard output, standard error, files."""
    with tempfile.TemporaryDirectory() as work:
        mounts = {}
        for mount in case.get("dir", []):
            mounts[mount["guest"]] = pathlib.Path(work) / mount["guest"].removeprefix("/")
            shutil.copytree(folder / mount["host"], mounts[mount["guest"]])
        command, env = make(mounts)
        env = {"PATH": os.environ["PATH"], **env}
        if "PYWASM_HOME" in os.environ and command[0] == PYWASM:
            env["PYWASM_HOME"] = os.environ["PYWASM_HOME"]
        try:
            done = subprocess.run(
                command, cwd=work, env=env, input=case.get("stdin", "").encode(), capture_output=True, timeout=300
            )
        except subprocess.TimeoutExpired:
            return "it did not end in 300 s"
        files = sorted(str(path.relative_to(work)) for path in pathlib.Path(work).rglob("*"))
        return done.returncode, done.stdout, done.stderr if case.get("stderr", True) else b"", files


def expect(case, folder, project):
    if "stdout" in case:
        return case.get("exit", 0), case["stdout"].encode(), b"", []

    def native(mounts):
        command, env = native_command(project, case.get("args", []))
        return command, {**env, **case.get("env", {})}

    return see(case, folder, native)


def compare(project, files, engine):
    """How many starts were made, and how many differ."""
    form, command = ENGINES[engine]
    starts, different = 0, []
    for path in sorted((project / "cases").glob("*.toml")):
        case = tomllib.loads(path.read_text(encoding="utf-8"))
        wanted = expect(case, path.parent, project)
        for _ in range(STARTS):
            seen = see(case, path.parent, lambda mounts: (command(files[form], mounts, case.get("env", {}), case.get("args", [])), {}))
            starts += 1
            if seen != wanted:
                different.append(f"{path.stem}: {str(seen)[:300]}")
    return starts, different


# ---- CPython's own tests ----


def tests(name, kept, engine):
    """How many tests of a file passed under an engine."""
    wasm = kept / "project" / "dist" / "cpython-tests.wasm"
    mounted = kept / "mounted"
    folder = "/mounted"

    def make(mounts):
        return ENGINES[engine][1](wasm, {folder: mounted}, {}, [folder, name]), {}

    seen = see({}, mounted, make) if engine != "wasmi" else see_in(kept, make({})[0])
    if isinstance(seen, str):
        return seen
    for line in seen[1].decode(errors="replace").splitlines():
        if line.startswith("REPORT "):
            report = json.loads(line.removeprefix("REPORT "))
            return sum(word == "passed" for word, _ in report["tests"].values())
    return seen[2].decode(errors="replace").strip()[:200]


def see_in(folder, command):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=300)
    except subprocess.TimeoutExpired:
        return "it did not end in 300 s"
    return done.returncode, done.stdout, done.stderr, []


def write_page(rows):
    head = PAGE.read_text(encoding="utf-8").partition("<!-- table -->")[0]
    lines = ["<!-- table -->", "", f"| program | {' | '.join(ENGINES)} |", f"| --- |{' ---: |' * len(ENGINES)}"]
    lines += [f"| {name} | {' | '.join(row.get(engine, '-') for engine in ENGINES)} |" for name, row in rows.items()]
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
    folders = [*sorted(path for path in (ROOT / "testdata/apps").iterdir() if path.is_dir()), ROOT / "testdata/depth"]
    rows, faults = {}, 0
    for project in folders:
        if chosen.app and project.name not in chosen.app:
            continue
        files = build(project, chosen.kept / project.name)
        row = rows.setdefault(project.name, {})
        for engine in chosen.engine or ENGINES:
            starts, different = compare(project, files, engine)
            faults += len(different)
            row[engine] = f"{starts - len(different)} of {starts}"
            print(f"{project.name}, {engine}: {row[engine]}", *different, sep="\n    ", flush=True)
    for name in chosen.tests:
        row = rows.setdefault(name, {})
        for engine in chosen.engine or ENGINES:
            if ENGINES[engine][0] == "wasm":
                row[engine] = str(tests(name, chosen.cpython, engine))
                print(f"{name}, {engine}: {row[engine]}", flush=True)
        faults += len({*row.values()}) > 1
    if chosen.table:
        write_page(rows)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
