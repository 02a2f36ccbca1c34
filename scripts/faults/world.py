"""What the rounds act on: the tool, a home whose caches are full, small projects, and what their builds have to give.

In:  the paths of the tool, of a home with a base, and of the wheels and installers; a folder for work.
Out: `World`, which makes a `Place` for each round: a home, a project and a folder for temporary files of its own.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import time

PROJECT = """[project]
name = "faulty"
version = "1.{variant}"
{dependencies}
[tool.pywasm]
entry = "main.py"
data = ["*.txt"]
{more}
"""
EXTENSION = '[tool.pywasm.extension._number]\nsources = ["number.c"]\n'
C_FILE = """#include <Python.h>
#include "number.h"
static PyObject *get(PyObject *self, PyObject *none) { return PyLong_FromLong(NUMBER * 10 + 0); }
static PyMethodDef methods[] = {{"get", get, METH_NOARGS, ""}, {0}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "_number", "", -1, methods};
PyMODINIT_FUNC PyInit__number(void) { return PyModule_Create(&module); }
"""
MAIN = {
    # It needs no other parts of the interpreter than the smallest app, whose machine code may be there.
    "plain": "import sys\nfrom parts import greet\nprint(greet.words(), len(sys.argv), 0)\n",
    "depends": "import mdurl, six\nfrom parts import greet\nprint(greet.words(), six.PY3, 0)\n",
    "extension": "import _number\nfrom parts import greet\nprint(greet.words(), _number.get(), 0)\n",
}
GREET = "def words():\n    return ['one', 0]\n"

OPTIONS = {"dev": ["--profile", "dev"], "full": []}


def write_whole(path, text):
    """Writes a file in one step, as editors do."""
    beside = path.with_name(path.name + "~")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def sources(kind, variants):
    """The files of a project. `variants` says for each which text it has; no text has another length."""
    texts = {
        "pyproject.toml": PROJECT.format(
            variant=0,
            dependencies='dependencies = ["mdurl", "six"]' if kind == "depends" else "",
            more=EXTENSION if kind == "extension" else "",
        ),
        "main.py": MAIN[kind].replace("0", str(variants.get("main.py", 0))),
        "parts/__init__.py": "",
        "parts/greet.py": GREET.replace("0", str(variants.get("parts/greet.py", 0))),
        "words.txt": f"word {variants.get('words.txt', 0)}\n",
    }
    if kind == "extension":
        texts["number.c"] = C_FILE.replace("+ 0", f"+ {variants.get('number.c', 0)}")
        texts["number.h"] = f"#define NUMBER {variants.get('number.h', 0)}\n"
    return texts


def changeable(kind):
    """The files of a project that come in several variants."""
    return ["main.py", "parts/greet.py", "words.txt"] + (["number.c", "number.h"] if kind == "extension" else [])


def write_project(folder, kind, variants):
    for name, text in sources(kind, variants).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)


def read_dist(folder):
    """The files of a build by their names; of the report, only what is the same each time."""
    files = {}
    for path in folder.iterdir() if folder.is_dir() else []:
        if path.name.startswith(".") or path.is_dir():
            continue
        content = path.read_bytes()
        if path.name.endswith(".report.json"):
            report = json.loads(content)
            report.pop("timings", None)
            content = json.dumps(report, sort_keys=True).encode()
        files[path.name] = content
    return files


def tree(folder):
    """The files and folders below a folder, as relative paths."""
    found, own = [], len(os.path.join(folder, ""))
    for top, folders, files in os.walk(folder):
        found += [os.path.join(top, name)[own:] for name in folders + files]
    return sorted(found)


class Ended:
    """How a command ended."""

    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors


class Place:
    """The home, the project and the temporary files of one round."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        self.home, self.project, self.temporary = folder / "home", folder / "project", folder / "tmp"
        for path in (self.home, self.project, self.temporary):
            path.mkdir(parents=True)
        self.user = None

    def environment(self, **more):
        world = self.world
        path = os.environ["PATH"]
        variables = {
            "PATH": f"{world.venv / 'bin'}:{path}" if world.venv else path,
            "HOME": str(self.folder),
            "PYWASM_HOME": str(self.home),
            "PYWASM_OFFLINE": "1",
            "TMPDIR": str(self.temporary),
            "DOCKER_CONFIG": str(self.folder),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(world.wheels),
            "UV_CONFIG_FILE": str(world.folder / "uv.toml"),
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_CACHE_DIR": str(self.folder / "uv"),
        }
        variables.update(more)
        return {name: value for name, value in variables.items() if value is not None}

    def start(self, *arguments, variables={}, cwd=None, **more):
        """Starts the tool in a session of its own."""
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "user": self.user, "group": self.user} | more
        return subprocess.Popen(
            [str(self.world.tool_for(self)), *map(str, arguments)],
            cwd=cwd or self.project,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            extra_groups=[] if self.user else None,
            **more,
        )

    def wait(self, child, seconds=300):
        """Waits for the end of the tool, and ends what it has left."""
        try:
            output, errors = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise AssertionError(f"the tool does not end within {seconds} s")
        finally:
            end_session(child.pid)
        errors = (errors or b"").decode(errors="replace")
        assert "panicked" not in errors and "RUST_BACKTRACE" not in errors, f"the tool panics:\n{errors}"
        return Ended(child.returncode, output or b"", errors)

    def run(self, *arguments, **more):
        return self.wait(self.start(*arguments, **more))


def end_session(session):
    """Kills the processes of a session, which children of a killed tool are."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = pathlib.Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session:
                    os.kill(int(entry), 9)


class World:
    """The tool, and what its builds give where nothing disturbs them."""

    def __init__(self, tool, home, venv, wheels, folder, quick, can_mount):
        self.tool, self.venv, self.wheels, self.folder = tool, venv, wheels, folder
        self.quick, self.can_mount = quick, can_mount
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "uv.toml").write_text(f'no-index = true\nfind-links = ["{wheels}"]\n')
        self.count = 0
        self.expected, self.seconds, self.names = {}, {}, set()
        self.full = self.fill(home)

    def tool_for(self, place):
        """The tool, where another user may start it."""
        if place.user is None:
            return self.tool
        copy = self.folder / "pywasm"
        if not copy.exists():
            shutil.copy(self.tool, copy)
        return copy

    def fill(self, given):
        """Makes the home that the others are copies of: a base, and the machine code of its interpreter."""
        place = Place(self, self.folder / "full")
        base = pathlib.Path(self.ask(place, "base", "path", variables={"PYWASM_HOME": str(given)}))
        self.base = base.name
        shutil.copytree(base, place.home / "bases" / base.name, ignore=shutil.ignore_patterns("__pycache__"))
        digest = hashlib.sha256((base / "base.wasm").read_bytes()).hexdigest()
        code = place.home / "cache" / "machine-code"
        code.mkdir(parents=True)
        for path in (given / "cache" / "machine-code").glob(f"{digest}-*"):
            shutil.copy(path, code)
        return place

    def load(self, kept):
        """Takes from an earlier run what takes longest to make."""
        if kept.is_dir():
            shutil.copytree(kept, self.full.home / "cache", dirs_exist_ok=True)

    def save(self, kept):
        """Gives it to a later run."""
        shutil.rmtree(kept, ignore_errors=True)
        for part in ("machine-code", "stages/optimize", "stages/compress"):
            if (self.full.home / "cache" / part).is_dir():
                shutil.copytree(self.full.home / "cache" / part, kept / part)

    def ask(self, place, *arguments, **more):
        ended = place.run(*arguments, **more)
        assert ended.code == 0, f"{arguments} ends with {ended.code}:\n{ended.errors}"
        return ended.output.decode().strip()

    def expect(self, kind, variants, options):
        """What the build of a project gives: made once, in the full home."""
        key = (kind, options, tuple(sorted(variants.items())))
        if key not in self.expected:
            place = self.begin_project(kind, variants)
            start = time.monotonic()
            self.ask(place, "build", "-q", *OPTIONS[options])
            self.seconds.setdefault((kind, options), time.monotonic() - start)
            self.expected[key] = read_dist(place.project / "dist")
            # What it kept; the time that a build takes is that of a second one.
            self.names.update(tree(place.home))
        return self.expected[key]

    def begin_project(self, kind, variants):
        """Makes a project in the full home, in place of the one before."""
        shutil.rmtree(self.full.project)
        self.full.project.mkdir()
        write_project(self.full.project, kind, variants)
        return self.full

    def make_place(self, own=False):
        """A place with a copy of the full home; `own`: with no file that another place has, too."""
        self.count += 1
        place = Place(self, self.folder / f"round-{self.count}")
        shutil.copytree(self.full.home / "cache", place.home / "cache", copy_function=shutil.copy2 if own else link)
        base = self.full.home / "bases" / self.base
        (place.home / "bases").mkdir()
        if own:
            shutil.copytree(base, place.home / "bases" / self.base)
        else:
            (place.home / "bases" / self.base).symlink_to(base)
        return place


def link(source, target):
    """Links what is never written in place, and is large; copies the rest."""
    if "/machine-code/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)
