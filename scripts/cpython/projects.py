"""Makes a project of a few files of CPython's test suite, as a user would have it.

In:  the folder `test` of CPython's library, and the names of files in it.
Out: a folder with a `pyproject.toml`, a `main.py` that imports the tests by name and runs those of one file, and a
     package `test` that has what the tests import of it and the data whose names occur in them.
"""

import json
import pathlib
import re
import shutil

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "cpython"
# A file that no compiler takes is a fault of a build.
NOT_COPIED = shutil.ignore_patterns("__pycache__", "badsyntax_*")
# The parts of the package that all tests use.
ALWAYS = ["__init__.py", "support"]
# What tests import that block a module in C to get its twin, as no program does; the message of the artifact names it.
TWINS = {"test_zoneinfo": ["zoneinfo._zoneinfo"]}
IMPORT = re.compile(r"\btest\.(\w+)|\bfrom (?:test|\.) import ([\w, ]+)|\bfrom \.(\w+)|\bfrom test import \(([\w,\s]+)\)")
SUPPORT = re.compile(r"\bsupport\.(\w+)|\btest\.support import (\w+)")
# Files that write into the current folder, or keep its name, while they are imported.
NEEDS_FOLDER = re.compile(r"skip_unless_(symlink|working_chmod|xattr)|abspath\(((os_helper\.)?TESTFN|[\x27\x22]junk)")
WORD = re.compile(r"[\w.-]+")


def make_project(tests, names, folder, external):
    """Writes the project into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "test").mkdir(parents=True)
    for part in sorted(set().union(*(closure(tests, name) for name in names))):
        copy(tests / part, folder / "test" / part)
    shutil.copy(PROGRAM / "outcomes.py", folder)
    late = [name for name in names if any(NEEDS_FOLDER.search(text) for text in texts(source(tests, name)))]
    text = program({name: modules(tests, name) for name in names}, late)
    (folder / "main.py").write_text(text, encoding="utf-8")
    lines = ["[tool.pywasm]", 'name = "tests"', 'entry = "main.py"', f"external = {json.dumps(sorted(external))}"]
    lines += [f"include = {json.dumps([twin for name in names for twin in TWINS.get(name, [])])}"]
    (folder / "pyproject.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def source(tests, name):
    return tests / name if (tests / name).is_dir() else tests / f"{name}.py"


def copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, ignore=NOT_COPIED)
    else:
        shutil.copy(source, target)


def closure(tests, name):
    """The files and folders directly below `tests` that the file needs."""
    entries = {path.name for path in tests.iterdir() if path.name != "__pycache__"}
    found, waiting = set(ALWAYS), [source(tests, name).name]
    while waiting:
        part = waiting.pop()
        if part in found:
            continue
        found.add(part)
        for text in texts(tests / part):
            # A helper in `support` may import other tests for itself.
            helpers = [tests / "support" / f"{word}.py" for word in matches(SUPPORT, text)]
            needed = matches(IMPORT, text).union(*(matches(IMPORT, read(path)) for path in helpers if path.exists()))
            waiting += [entry for word in needed for entry in (word, word + ".py") if entry in entries]
            waiting += [word for word in set(WORD.findall(text)) & entries if not is_test(word)]
    return found


def matches(pattern, text):
    """All words in the groups of a pattern."""
    return {word for match in pattern.finditer(text) for group in match.groups() if group for word in re.findall(r"\w+", group)}


def texts(path):
    """The sources in a file or a folder."""
    return [read(file) for file in ([path] if path.suffix == ".py" else path.rglob("*.py") if path.is_dir() else [])]


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def is_test(name):
    """Whether a word may mean a module, and no data."""
    return name.endswith(".py") or name.startswith("test_") and "." not in name


def modules(tests, name):
    """The modules whose tests run: the file; or the package, and what a search for tests finds in it."""
    files = sorted((tests / name).rglob("test*.py"))
    names = [file.relative_to(tests).with_suffix("").parts for file in files if is_packaged(file, tests)]
    return [f"test.{name}", *(".".join(("test", *parts)) for parts in names)]


def is_packaged(file, tests):
    return all((folder / "__init__.py").exists() for folder in file.parents if tests in folder.parents)


def program(files, late):
    """The text of `main.py`. `files`: the modules of each file; `late`: the files that a snapshot cannot hold, since they
    need a folder to write into."""
    lines = ["import sys", "from test import support", "", "import outcomes", ""]
    lines += ["outcomes.claim_linux(support)", "outcomes.adapt_to_artifact(support)"]
    for name in files:
        if name not in late:
            lines += imports(name, files[name])
    lines += ["", "outcomes.enter_folder()"]
    for name in late:
        lines += imports(name, files[name])
    return "\n".join([*lines, "", 'if __name__ == "__main__":', "    outcomes.run(globals()[sys.argv[1]])"]) + "\n"


def imports(name, modules):
    lines = ["", f"{name} = []"]
    for module in modules:
        lines += ["try:", f"    import {module} as module", "except BaseException as error:", "    module = error", f"{name}.append(module)"]
    return lines
