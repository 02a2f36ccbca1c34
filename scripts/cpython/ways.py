"""The ways in which a file of CPython's test suite runs: natively, on the base, and in artifacts.

In:  the native Python that runs this, with its sources beside it; the tool by the variable PYWASM, its bases.
Out: for each way and file a `Run`, kept in a folder as long as nothing that it depends on changes.

`native`    the native Python.
`base`      the base's module as a plain `python`, with the standard library in a mounted folder: nothing is shaken, and
            there is no snapshot.
`artifact`  an artifact for each few files, built as a user would: it has what the tests reach, and starts from a
            snapshot.
"""

import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

import plain
import projects
from compared import Run, start, succeed

PROGRAM = projects.PROGRAM
PYWASM = os.environ["PYWASM"]
LIBRARY = pathlib.Path(sys.executable).parent.parent / "cpython" / "Lib"
SECONDS = 600
GROUP = 20
# Neither optimizer nor Brotli, which would take hours; the snapshot of a release.
PROJECT_OPTIONS = ["--profile", "dev", "--preinit", "stdlib"]

# Parts of the names of modules that no artifact can have.
ELSEWHERE = ("_gdbm", "_dbm", "dbm.gnu", "dbm.ndbm", "windows", "win32")
# Modules that exist for CPython's tests only, or are installed for some tests.
INSTALLED = {"_testbuffer", "_testcapi", "_testclinic", "_testclinic_limited", "_testinternalcapi", "_testlimitedcapi", "setuptools", "numpy"}


class Group:
    """Files that share an artifact, since most of a build does not depend on its program."""

    def __init__(self, names):
        self.names = names
        self.waiting = set(names)
        self.lock = threading.Lock()
        self.error = None


class Ways:
    """Runs files in each way. `kept` is the folder for artifacts, mounted files and results."""

    NAMES = ("native", "base", "artifact")

    def __init__(self, kept):
        self.kept = kept
        self.base = pathlib.Path(succeed([PYWASM, "base", "path"]).strip())
        # What a CPython on another system has.
        self.external = INSTALLED | (sys.stdlib_module_names - modules(self.base / "stdlib") - builtins(self.base))
        self.mounted = mount(LIBRARY / "test", kept / "mounted" / "test").parent
        self.stdlib = mount(self.base / "stdlib", kept / f"stdlib-{self.base.name}")
        self.results = kept / "results" / self.version()

    def version(self):
        """A name for everything that the results depend on."""
        scripts = [pathlib.Path(one) for one in (__file__, plain.__file__, projects.__file__)]
        files = [pathlib.Path(PYWASM), *sorted(PROGRAM.glob("*.py")), *scripts]
        digest = hashlib.sha256(f"{self.base} {sys.executable} {sys.version}".encode())
        for file in files:
            digest.update(file.read_bytes())
        return digest.hexdigest()[:16]

    def prepare(self, names):
        """Makes what files share. `names`: all that will run."""
        waiting = [name for name in names if not self.result("artifact", name).exists()]
        self.groups = [Group(waiting[at : at + GROUP]) for at in range(0, len(waiting), GROUP)]
        write(self.kept / "plain.wasm", plain.make_command((self.base / "base.wasm").read_bytes()))

    def result(self, way, name):
        return self.results / way / f"{name}.json"

    def run(self, way, name):
        """The result of an earlier run, or of this one."""
        file = self.result(way, name)
        if not file.exists():
            result = getattr(self, f"run_{way}")(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            write(file, json.dumps(dataclasses.asdict(result)).encode())
        return Run(**json.loads(file.read_text(encoding="utf-8")))

    def run_native(self, name):
        program = str(PROGRAM / "main.py")
        return run([sys.executable, "-B", "-s", "-X", "utf8", program, str(self.mounted), name])

    def run_base(self, name):
        with tempfile.TemporaryDirectory() as temporary:
            folders = {self.stdlib: "/lib/python3.13", self.mounted: "/cpython", PROGRAM: "/program", temporary: "/tmp"}
            folders[self.stdlib / "zoneinfo/zones"] = "/usr/share/zoneinfo"
            mounts = [word for host, guest in folders.items() for word in ("--dir", f"{host}::{guest}")]
            variables = ["--env", "PYTHONHOME=/", "--env", "PYTHONPATH=/lib/python3.13", "--env", "HOME=/tmp"]
            options = ["-B", "-s", "-X", "utf8", "/program/main.py", "/cpython", name]
            return run([PYWASM, "run", "-q", *mounts, *variables, str(self.kept / "plain.wasm"), "--", *options])

    def run_artifact(self, name):
        group = next(group for group in self.groups if name in group.names)
        with group.lock:
            if group.error is None:
                group.error = self.build_project(group.names, self.folder(group))
        try:
            if group.error:
                return Run({}, group.error)
            return run([PYWASM, "run", "-q", str(self.folder(group) / "dist" / "tests.wasm"), "--", name])
        finally:
            with group.lock:
                group.waiting.discard(name)
                if not group.waiting:
                    shutil.rmtree(self.folder(group), ignore_errors=True)

    def folder(self, group):
        return self.kept / "projects" / group.names[0]

    def build_project(self, names, folder, *options):
        """Builds the project of some files. Returns why it cannot, or an empty text."""
        projects.make_project(self.mounted / "test", names, folder, self.external)
        command = [PYWASM, "build", "-q", *PROJECT_OPTIONS, *options, str(folder)]
        built = subprocess.run(command, capture_output=True, text=True, errors="replace")
        return f"it cannot be built: {built.stderr}" if built.returncode else ""


def write(file, content):
    """Writes a file in one step: other runs may read it."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    new.write_bytes(content)
    new.rename(file)


def mount(source, folder):
    """Copies Python files, and compiles them once for all runs."""
    if not folder.is_dir():
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(source, new, ignore=shutil.ignore_patterns("__pycache__"))
        compiled = new / "support" if (new / "support").is_dir() else new
        subprocess.run([sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(compiled)], capture_output=True)
        new.rename(folder)
    return folder


def run(command):
    """Runs a file of tests, and nothing longer than that."""
    output, errors = start(command, SECONDS)
    for line in output.splitlines():
        if line.startswith("REPORT "):
            report = json.loads(line.removeprefix("REPORT "))
            return Run(report["tests"], report["whole"])
    return Run({}, f"it ended without a report: {errors[-1200:]}")


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
