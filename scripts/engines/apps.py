"""Compares apps: each case of an app natively, and three starts of one file under an engine.

In:  a folder of `testdata/apps`, or `testdata/depth`; the native Python that runs this.
Out: how many starts were made, and those that differ: in exit code, standard output, standard error, or files.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

from commands import ENGINES, PYWASM

STARTS = 3
SECONDS = 300


def build(project, folder):
    """The files of a build with machine code for this machine, by their endings."""
    command = [PYWASM, "build", "-q", "--profile", "dev", "--aot", "--out-dir", str(folder), str(project)]
    done = subprocess.run(command, capture_output=True, text=True)
    # A budget that is exceeded is another test's.
    if done.returncode not in (0, 3):
        sys.exit(f"{project.name}: {done.stderr}")
    return {end: next(folder.glob(f"*.{end}")) for end in ("wasm", "cwasm")}


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
                command, cwd=work, env=env, input=case.get("stdin", "").encode(), capture_output=True, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return f"it did not end in {SECONDS} s"
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
    form, command = ENGINES[engine]
    starts, different = 0, []
    for path in sorted((project / "cases").glob("*.toml")):
        case = tomllib.loads(path.read_text(encoding="utf-8"))
        wanted = expect(case, path.parent, project)
        make = lambda mounts: (command(files[form], mounts, case.get("env", {}), case.get("args", [])), {})
        for _ in range(STARTS):
            seen = see(case, path.parent, make)
            starts += 1
            if seen != wanted:
                different.append(f"{path.stem}: {str(seen)[:300]}")
    return starts, different
