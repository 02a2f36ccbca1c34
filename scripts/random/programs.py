#!/usr/bin/env python3
"""Generates random programs, and compares how they run as artifacts and under a native Python.

In:  seeds; to compare, also the pywasm command and a native CPython of the same version.
Out: `generate` writes a project of 3 to 12 modules into a folder. `compare` builds each project with a rehearsal, runs
     it in several surroundings, and prints where standard output, standard error or the exit code differ. It exits
     with 1 if one does, and with 2 if a program cannot be built.

A seed is always the same program. A program prints nothing that depends on addresses, hashes, paths or times, so under
a native Python it always prints the same.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

from statements import NAMES, STATEMENTS, VALUES, VARIABLES, Scope, indent

ARGUMENTS = ((), ("one",), ("two", "-v"))
INPUT = b"first\nsecond\n"

# The frames that a native Python runs below those of the program, by entry. An artifact has none of them.
LAUNCHERS = {"main:run": 1, "main": 2, "main.py": 0}

# What nearly all programs include, so that most of them share one interpreter and with it the machine code of a build.
LIBRARY = (
    "abc array atexit builtins codecs collections contextlib contextvars copy copyreg csv dataclasses datetime decimal"
    " enum fractions functools gc hashlib heapq importlib.abc importlib.machinery importlib.util inspect io itertools"
    " json logging.config operator os pickle pkgutil queue random re runpy secrets signal string struct sys textwrap"
    " threading time traceback types typing uuid warnings weakref xml.etree.ElementTree zlib"
).split()


# ---- what a program consists of ----


@dataclasses.dataclass
class Module:
    """A module to be, and the blocks of its body: lists of lines that can be left out one by one."""

    name: str
    path: str
    is_package: bool
    index: int
    blocks: list = dataclasses.field(default_factory=list)
    lazy: bool = False

    @property
    def package(self):
        return self.name if self.is_package else self.name.rpartition(".")[0]


@dataclasses.dataclass
class Program:
    files: dict  # path to blocks
    project: str
    vendor: bool
    entry: str

    def write(self, folder):
        for path, blocks in self.files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(line + "\n" for block in blocks for line in block))
        pathlib.Path(folder, "pyproject.toml").write_text(self.project)


# ---- programs ----

NOTES = """\
OWN = {own!r}
LINES = []
REGISTRY = {{}}
HOOKS = []
HELD = []
REFS = []


def note(*values):
    LINES.append(" ".join(map(str, values)))


def register(function):
    REGISTRY[function.__module__ + "." + function.__name__] = function()
    return function


def dump():
    print("notes", len(LINES))
    for line in LINES:
        print(" ", line)
    LINES.clear()
    print(REGISTRY, HOOKS, len(HELD))
"""


class Maker:
    """Makes the program of a seed."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(f"pywasm {seed}")
        self.counter = 0
        self.loudness = self.random.choice((0, 0, 0.02, 0.1, 0.3))
        self.heavy = self.random.random() < 0.08
        self.modules = []
        self.vendor = False

    def statement(self, scope):
        weights = [weight for weight, _ in STATEMENTS]
        while True:
            _, make = self.random.choices(STATEMENTS, weights)[0]
            names, modules = {key: list(values) for key, values in scope.names.items()}, list(scope.modules)
            lines = make(scope)
            if scope.kind == "module" or not any(" import *" in line for line in lines):
                return lines
            scope.names, scope.modules = names, modules

    def tree(self):
        names = self.random.sample(NAMES, len(NAMES))
        count = self.random.randint(2, 10)
        packages = []
        self.modules.append(Module("__main__", "main.py", False, 0))
        while len(self.modules) <= count:
            name, parent = names.pop(), None
            if packages and self.random.random() < 0.6:
                parent = self.random.choice(packages)
            folder = "vendor/" if parent is None and self.random.random() < 0.25 else ""
            self.vendor |= bool(folder)
            full = f"{parent.name}.{name}" if parent else name
            stem = f"{os.path.dirname(parent.path)}/{name}" if parent else folder + name
            is_package = self.random.random() < 0.3 and full.count(".") < 2
            path = f"{stem}/__init__.py" if is_package else f"{stem}.py"
            module = Module(full, path, is_package, len(self.modules))
            self.modules.append(module)
            if is_package:
                packages.append(module)
        order = self.modules[1:]
        if self.random.random() < 0.3:
            self.random.shuffle(order)
        self.modules[1:] = order
        for index, module in enumerate(self.modules):
            module.index = index

    def fill(self, module, count):
        head = []
        if self.random.random() < 0.4:
            head.append(f'"""The module {module.name}."""')
        if self.random.random() < 0.15:
            head.append("from __future__ import annotations")
        head += [
            "from notes import note",
            f"VALUE = {self.random.randrange(100)}",
            f"NAME = {module.name!r}",
            "ITEMS = [1]",
        ]
        if self.random.random() < 0.97:
            head += ["def helper(*args):", "    return NAME, len(ITEMS), args"]
        module.blocks.append(head)
        scope = Scope(self, module)
        for _ in range(count):
            module.blocks.append(self.statement(scope))

    def entry(self):
        return self.random.choices(("main.py", "main", "main:run"), (8, 1, 1))[0]

    def program(self):
        self.tree()
        entry = self.entry()
        if entry != "main.py":
            self.modules[0].name = "__main__" if entry == "main" else "main"
        for module in self.modules:
            self.fill(module, self.random.randint(2, 7) if module.index else self.random.randint(4, 12))
        main = self.modules[0]
        if entry == "main:run":
            scope = Scope(self, main)
            lines, _ = scope.body("function", 4)
            main.blocks.append(
                [
                    "def run():",
                    *indent(lines),
                    "    note.__globals__['dump']()",
                    f"    return {self.random.choice((None, 0, 3))}",
                ]
            )
        else:
            main.blocks.append(["note.__globals__['dump']()"])
            if self.random.random() < 0.2:
                main.blocks.append([f"raise SystemExit({self.random.randrange(4)})"])
        own = [module.name for module in self.modules] + ["notes"]
        notes = [NOTES.format(own=own).split("\n")[:-1]]
        if self.random.random() < 0.3:
            notes.append(["import atexit", "atexit.register(dump)"])
        files = {module.path: module.blocks for module in self.modules} | {"notes.py": notes}
        project = f'[project]\nname = "random-{self.seed}"\nversion = "1"\n\n[tool.pywasm]\nentry = "{entry}"\n'
        if self.vendor:
            project += 'paths = ["vendor"]\n'
        includes = ", ".join(f'"{name}"' for name in [*(module.name for module in self.modules[1:]), *LIBRARY])
        project += f"include = [{includes}]\n"
        return Program(files, project, self.vendor, entry)


def program(seed):
    return Maker(seed).program()


# ---- comparing ----


def surroundings(seed):
    """Variables, arguments, and whether the streams are files, of each run: no variables; all; some."""
    chosen = random.Random(f"surroundings {seed}")
    yield {}, (), False
    yield {name: chosen.choice(VALUES) for name in VARIABLES}, ("one", "-v"), False
    some = {name: chosen.choice(VALUES) for name in VARIABLES if chosen.random() < 0.4}
    yield some, chosen.choice(ARGUMENTS), True


class Comparison:
    def __init__(self, options):
        self.options = options
        self.pywasm = os.path.abspath(options.pywasm)
        self.python = os.path.abspath(options.python)
        self.library = subprocess.run(
            [self.python, "-I", "-c", "import os; print(os.path.dirname(os.__file__))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def run(self, command, folder, environment, files):
        """The exit code and the two streams of a command, through pipes or files."""
        options = {"cwd": folder, "env": environment, "timeout": 120}
        try:
            if not files:
                done = subprocess.run(command, input=INPUT, capture_output=True, **options)
                streams = done.stdout, done.stderr
            else:
                with tempfile.TemporaryDirectory() as place:
                    given, *results = (pathlib.Path(place, name) for name in ("in", "out", "error"))
                    given.write_bytes(INPUT)
                    with given.open() as stdin, results[0].open("w") as stdout, results[1].open("w") as stderr:
                        done = subprocess.run(command, stdin=stdin, stdout=stdout, stderr=stderr, **options)
                    streams = [result.read_bytes() for result in results]
        except subprocess.TimeoutExpired:
            return "timeout", "", ""
        # As a shell says it: a signal that ended the program counts from 128.
        code = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return code, *(self.tidy(stream.decode("utf-8", "replace"), folder) for stream in streams)

    def tidy(self, text, folder):
        """Paths and addresses as they are in every run."""
        for real, name in (
            (folder + "/vendor", "/pywasm/lib/python3.13/site-packages"),
            (folder, "/pywasm/app"),
            (self.library, "/pywasm/lib/python3.13"),
        ):
            text = text.replace(real, name)
        # Artifacts have no sources of the standard library.
        text = re.sub(r'(  File "/pywasm/lib/python3\.13/(?!site-packages/).*\n)(    .*\n)*', r"\1", text)
        text = re.sub(
            r"(^/pywasm/lib/python3\.13/(?!site-packages/).*: \w*Warning: .*\n)(  .*\n)?", r"\1", text, flags=re.M
        )
        # Their names once somebody has imported importlib, as `python -m` has.
        text = text.replace("importlib._bootstrap", "_frozen_importlib")
        # The launcher of an entry, which an artifact has not: a frame more, and one that belongs to `__main__`.
        launcher = r'  File "<string>", line 1, in <module>\n((?:> )*    .*\n)*|  File "<frozen runpy>", line \d+, in _run_\w+\n'
        text = re.sub(rf"^(?:> )*(?:{launcher})", "", text, flags=re.M)
        text = re.sub(r"^(<string>:1|<frozen runpy>:\d+): ", "<sys>:0: ", text, flags=re.M)
        text = re.sub("^<sys>:0: DeprecationWarning: .*\n", "", text, flags=re.M)
        return re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)

    def native(self, made, folder, variables, arguments, files):
        command = [self.python, "-B", "-s", "-X", "utf8", "-X", f"pycache_prefix={folder}/no-bytecode"]
        if made.entry == "main:run":
            # A console script lies elsewhere, so its folder hides no module.
            command += ["-P", "-c", "import sys; from main import run; sys.exit(run())"]
        elif made.entry == "main":
            command += ["-m", "main"]
        else:
            command += [f"{folder}/main.py"]
        environment = {"PYTHONHASHSEED": "0", **variables}
        path = [folder] if made.entry != "main.py" else []
        path += [f"{folder}/vendor"] if made.vendor else []
        if path:
            environment["PYTHONPATH"] = os.pathsep.join(path)
        code, *streams = self.run([*command, *arguments], folder, environment, files)
        # So a recursion without end goes that much deeper in an artifact.
        deeper = LAUNCHERS[made.entry]
        return code, *(
            re.sub(r"(?<=repeated )\d{3,}(?= more times)", lambda count: str(int(count[0]) + deeper), stream)
            for stream in streams
        )

    def artifact(self, folder, variables, arguments, files, engine=None):
        """Runs the artifact in the embedded engine; or in another one, which starts without compiling it."""
        module = f"{folder}/dist/case.wasm"
        given = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        if engine:
            command = [engine, *given, module, *arguments]
        else:
            command = [self.pywasm, "run", "-q", module, *given, "--", *arguments]
        return self.run(command, folder, self.own_environment(), files)

    def own_environment(self):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYWASM_HOME") if name in os.environ}
        return {**kept, "PYWASM_OFFLINE": "1"}

    def build(self, folder):
        command = [self.pywasm, "build", "-q", "--profile", self.options.profile, "--preinit", "stdlib"]
        return subprocess.run(
            [*command, "--name", "case"], cwd=folder, env=self.own_environment(), capture_output=True, text=True
        )

    def differences(self, made, seed, folder):
        """Lines that say where the two differ; None where there is no artifact."""
        folder = os.path.realpath(folder)
        made.write(folder)
        done = self.build(folder)
        if done.returncode != 0:
            return None, [done.stderr.strip()]
        lines = []
        for variables, arguments, files in surroundings(seed):
            # What the embedded engine does not show again is the other engine's fault, or the machine's.
            for engine in (self.options.engine, None):
                if engine:  # its command refuses empty values
                    variables = {name: value or "0" for name, value in variables.items()}
                theirs = self.native(made, folder, variables, arguments, files)
                ours = self.artifact(folder, variables, arguments, files, engine)
                if theirs == ours:
                    break
            for what, one, other in zip(("exit code", "stdout", "stderr"), theirs, ours):
                if one != other:
                    given = " ".join(f"{name}={value}" for name, value in variables.items())
                    streams = ", streams are files" if files else ""
                    lines.append(f"{what} with [{given}] and {list(arguments)}{streams}:")
                    lines += first_difference(str(one), str(other))
        return bool(lines), lines

    def one(self, seed):
        keep = self.options.keep
        if keep:
            folder = os.path.join(keep, str(seed))
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            result = self.differences(program(seed), seed, folder)
            if result[0] is False:
                shutil.rmtree(folder)
        else:
            with tempfile.TemporaryDirectory(prefix="pywasm-random-") as folder:
                result = self.differences(program(seed), seed, folder)
        if result[0] and self.options.shrink:
            self.shrink(seed)
        return result

    def shrink(self, seed):
        """Leaves out blocks as long as there is a difference, and writes what is left."""
        made, tries = program(seed), self.options.shrink
        places = [(path, index) for path, blocks in made.files.items() for index in range(len(blocks))]
        places = [(path, index) for path, index in places if index > 0]
        left, size = set(places), max(1, len(places) // 2)

        def cut(places):
            files = {
                path: [block for index, block in enumerate(blocks) if index == 0 or (path, index) in places]
                for path, blocks in made.files.items()
            }
            return dataclasses.replace(made, files=files)

        while size >= 1 and tries > 0:
            rest, removed = sorted(left), False
            for at in range(0, len(rest), size):
                trial = left - set(rest[at : at + size])
                if not trial or tries <= 0:
                    continue
                tries -= 1
                with tempfile.TemporaryDirectory(prefix="pywasm-random-") as folder:
                    if self.differences(cut(trial), seed, folder)[0]:
                        left, removed = trial, True
                        self.write_small(cut(left), seed)
            if size == 1 and not removed:
                break
            size = size // 2 if size > 1 else 1

    def write_small(self, made, seed):
        folder = os.path.join(self.options.keep or ".", f"{seed}-small")
        shutil.rmtree(folder, ignore_errors=True)
        made.write(folder)


def first_difference(one, other):
    theirs, ours = one.split("\n"), other.split("\n")
    at = next((at for at, (a, b) in enumerate(zip(theirs, ours)) if a != b), min(len(theirs), len(ours)))
    start = 0
    if at < len(theirs) and at < len(ours):
        start = max(0, len(os.path.commonprefix([theirs[at], ours[at]])) - 100)
    return [
        f"    line {at + 1}" + (f" from column {start + 1}" if start else ""),
        *(f"    native   {line[start:][:200]}" for line in theirs[at : at + 3]),
        *(f"    artifact {line[start:][:200]}" for line in ours[at : at + 3]),
    ]


def compare(options):
    first, _, last = options.seeds.partition("..")
    seeds = range(int(first), int(last or int(first) + 1))
    comparison = Comparison(options)
    different, unbuilt = [], []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for seed, (differs, lines) in zip(seeds, pool.map(comparison.one, seeds)):
            if differs is False:
                continue
            (unbuilt if differs is None else different).append(seed)
            print(f"seed {seed}: {'not built' if differs is None else 'different'}", *lines, sep="\n  ", flush=True)
    print(f"{len(seeds)} programs, {len(different)} different {different}, {len(unbuilt)} not built {unbuilt}")
    return 1 if different else 2 if unbuilt else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("generate", help="write the project of a seed")
    one.add_argument("seed", type=int)
    one.add_argument("folder")
    many = commands.add_parser("compare", help="compare artifacts with a native Python")
    many.add_argument("--pywasm", required=True, help="the pywasm command")
    many.add_argument("--python", required=True, help="the native CPython")
    many.add_argument("--seeds", required=True, metavar="A..B", help="the first seed, and the one after the last")
    many.add_argument("--engine", metavar="WASMI", help="the command of wasmi, which runs each artifact first: it compiles nothing")
    many.add_argument("--profile", default="dev", help="the profile of the builds (dev)")
    many.add_argument("--jobs", type=int, default=1, help="programs at a time (1)")
    many.add_argument("--keep", help="where projects that differ stay")
    many.add_argument(
        "--shrink", type=int, default=0, metavar="N", help="builds to make a differing program smaller (0)"
    )
    options = parser.parse_args()
    if options.command == "generate":
        program(options.seed).write(options.folder)
        return 0
    return compare(options)


if __name__ == "__main__":
    sys.exit(main())
