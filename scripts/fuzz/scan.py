#!/usr/bin/env python3
"""Compares the imports that pywasm's scanner finds with those that CPython's own `ast` shows.

In: programs that `programs.py` makes from a seed, and files of a library, whole and changed.
Out: a line with the counts; each program whose imports differ is kept in a folder.

- Each import statement that the scanner finds is one that `ast` has, with its line and its names.
- Each import statement that certainly can run is found. The scanner leaves out what it knows to be dead, so
  one after a statement that may end the block, or under an `if` or a `while`, may be missing.
- The scanner finds no fault in a file that CPython compiles.

usage: scripts/fuzz/scan.py --program PROGRAM [--seeds A..B] [--library FOLDER --changes N] [--keep FOLDER]
"""

import argparse
import ast
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import warnings

import programs

ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.Assert)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
PACKAGE = ["pkg", "sub"]


def absolute(node):
    """The target of an `ImportFrom` in the module `pkg.sub.mod`, as the scanner writes it."""
    names = [alias.name for alias in node.names]
    if node.level == 0:
        return (node.module, []) if node.module == "__future__" else (node.module, names)
    if node.level > len(PACKAGE):
        return ("." * node.level + (node.module or ""), ["?"])
    parts = PACKAGE[: len(PACKAGE) - node.level + 1] + ([node.module] if node.module else [])
    return (".".join(parts), names)


def statements(node):
    """Each import below the node as (line, module, names), and whether the scanner has to find it."""
    found = []

    def block(body, certain):
        for statement in body:
            visit(statement, certain)
            certain = certain and not may_end(statement)

    def visit(statement, certain):
        if isinstance(statement, ast.Import):
            found.extend(((statement.lineno, alias.name, ()), certain) for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            module, names = absolute(statement)
            names = [name for name in names if name != "*"] + [name for name in names if name == "*"]
            found.append(((statement.lineno, module, tuple(names)), certain))
        certain = certain and not has_condition(statement)
        for _, value in ast.iter_fields(statement):
            if not isinstance(value, list):
                continue
            if value and isinstance(value[0], ast.stmt):
                block(value, certain)
            elif value and isinstance(value[0], (ast.excepthandler, ast.match_case)):
                for part in value:
                    block(part.body, certain)

    block(node.body, True)
    return found


def has_condition(statement):
    """Whether the scanner may know that a part of the statement never runs."""
    if not isinstance(statement, (ast.If, ast.While)):
        return False
    test = statement.test
    return not (isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "unknown")


def may_end(statement):
    """Whether what comes after the statement may be dead."""
    todo = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ENDS):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            if name in ("exit", "_exit", "quit"):
                return True
        # An alias of such a function, and a loop that never ends.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            if node.value.func.id not in ("print", "unknown", "len"):
                return True
        if not isinstance(node, SCOPES):
            todo.extend(ast.iter_child_nodes(node))
    return False


class Scanner:
    """The program that prints what the scanner finds."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program], env={**os.environ, "PYWASM_FUZZ_IMPORTS": "1"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, path):
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the scanner ended at {path}")
        return json.loads(line)


def compare(source, scanner, path):
    """What is wrong with the scan of a file: nothing, or a text. Also how many imports there are."""
    path.write_bytes(source)
    answer = scanner.ask(path)
    try:
        tree = ast.parse(source)
        compile(source, "x.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None, None
    if "unreadable" in answer:
        return f"CPython reads the file, the scanner does not: {answer['unreadable']}", 0
    if answer["faults"]:
        return f"CPython compiles the file, the scanner does not: {answer['faults']}", 0
    wanted = statements(tree)
    found = [(line, module, tuple(names)) for line, module, names in answer["imports"]]
    known = [key for key, _ in wanted]
    for key in found:
        if key not in known:
            return f"the scanner finds {key}, which is not there", len(wanted)
    for key, certain in wanted:
        if certain and key not in found:
            return f"the scanner does not find {key}", len(wanted)
    return None, len(wanted)


def inputs(arguments):
    """The name and the bytes of each program."""
    first, last = map(int, arguments.seeds.split(".."))
    for seed in range(first, last):
        yield f"seed-{seed}", programs.program(random.Random(seed))
    if not arguments.library:
        return
    files = sorted(pathlib.Path(arguments.library).rglob("*.py"))
    files = [file for file in files if file.stat().st_size < 60_000]
    for file in files:
        yield f"file-{file.name}", file.read_bytes()
    for change in range(arguments.changes):
        source = random.Random(change)
        file = source.choice(files)
        yield f"change-{change}-{file.name}", programs.change(file.read_bytes(), source)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the program of crates/pywasm-fuzz")
    parser.add_argument("--seeds", default="0..1000", metavar="A..B")
    parser.add_argument("--library", help="a folder of Python files, such as CPython's Lib")
    parser.add_argument("--changes", type=int, default=0, help="how many changed files of the library")
    parser.add_argument("--keep", default="kept", help="where programs stay whose imports differ")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    scanner = Scanner(arguments.program)
    compared = refused = imports = 0
    wrong = []
    begin = time.monotonic()
    # In memory where there is such a folder.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        path = pathlib.Path(folder, "mod.py")
        for name, source in inputs(arguments):
            fault, count = compare(source, scanner, path)
            refused += count is None
            compared += count is not None
            imports += count or 0
            if fault:
                wrong.append(name)
                kept = pathlib.Path(arguments.keep)
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{name}.py").write_bytes(source)
                print(f"{name}: {fault}", flush=True)
    seconds = time.monotonic() - begin
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"{compared} files compared with Python {version}, {imports} imports, {len(wrong)} differ; "
          f"{refused} that CPython refuses; {seconds:.0f} s")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
