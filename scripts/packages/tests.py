"""Compares the tests that packages bring: a native Python beside an artifact.

In:  `testdata/package-tests`, with the packages, what their tests need, the program that runs them, and the causes of
     failures; the tool and the native Python by the variables PYWASM and PYWASM_NATIVE_PYTHON.
Out: a line for each package, and for each test that passes natively only; with `--table` the page
     `docs/reference/package-tests.md`. The exit code is 1 where a difference has no cause.

Each package becomes a project whose program is pytest: the tests are modules and files of the app, and the package is a
dependency, as an installer puts it. Nothing is mounted.
"""

import argparse
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

from pinned import PLATFORM, ROOT, has_pinned, install as install_pinned, pip, read_pins

sys.path.append(str(ROOT / "scripts" / "common"))
from compared import Causes, Comparison, Run, cause_rows, compare, start

FOLDER = ROOT / "testdata" / "package-tests"
PAGE = ROOT / "docs" / "reference" / "package-tests.md"
PINS = [ROOT / "testdata" / "wild" / "requirements.txt", FOLDER / "requirements.txt"]
SECONDS = 1800
# What is compared with the native Python.
WAY = "artifact"
# Causes that the goal of 99 % leaves aside: what no artifact has.
ASIDE = {"starts another process", "starts a thread", "tests compiled code that has no build for WASI"}


@dataclasses.dataclass
class Package:
    """A table of `packages.toml`: `tests` are pytest's arguments, `files` what is copied from the source distribution,
    under the name that follows `->`, if there is one; `omit` are files of these that stay behind."""

    name: str
    version: str
    tests: list[str] = dataclasses.field(default_factory=lambda: ["tests"])
    files: list[str] = dataclasses.field(default_factory=list)
    omit: list[str] = dataclasses.field(default_factory=list)
    pywasm: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    requires: list[str] = dataclasses.field(default_factory=list)
    options: list[str] = dataclasses.field(default_factory=list)
    extras: str = ""

    def requirements(self) -> list[str]:
        named = {re.split(r"[=[]", line)[0]: line for line in ["pytest", self.name + self.extras, *self.requires]}
        return sorted(named.values())

    def copies(self) -> list[tuple[str, str]]:
        moves = dict(line.split(" -> ") for line in self.files if " -> " in line)
        same = [path for path in [*self.tests, *self.files] if " -> " not in path and path not in moves.values()]
        return sorted({*moves.items(), *((path, path) for path in same)})


def read_packages(pins: dict[str, str]) -> list[Package]:
    document = tomllib.loads((FOLDER / "packages.toml").read_text(encoding="utf-8"))
    return [Package(name, pins[name], **table) for name, table in sorted(document.items())]


# ---- what is installed ----


def make_folder(folder: pathlib.Path, make) -> pathlib.Path:
    """Makes a folder in one step, in place of those that have the same name and another key."""
    part = folder.with_name(f".part-{folder.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    make(part)
    for older in folder.parent.glob(folder.name.rpartition("-")[0] + "-" + "[0-9a-f]" * 16):
        shutil.rmtree(older)
    part.rename(folder)
    return folder


def key(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def install(package: Package, pins: dict[str, str], kept: pathlib.Path) -> pathlib.Path:
    """The folder with the package and what its tests need. A requirement with a version takes precedence over the pins."""
    requirements = package.requirements()
    pins = pins | dict(line.split("==") for line in requirements if "==" in line)
    folder = kept / "site" / f"{package.name}-{key(*PLATFORM, *requirements)}"
    if has_pinned(folder, pins):
        return folder
    constraints = kept / f"pins-{package.name}.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in pins.items()), encoding="utf-8")
    return make_folder(folder, lambda part: install_pinned(part, constraints, requirements))


def fetch_source(package: Package, kept: pathlib.Path) -> pathlib.Path:
    """The folder of the package's source distribution."""
    folder = kept / "source" / f"{package.name}-{key(package.version)}"
    if folder.is_dir():
        return folder

    def make(part):
        pinned = f"{package.name}=={package.version}"
        pip("download", "--no-deps", "--no-binary", package.name, "--dest", part, pinned)
        (archive,) = part.glob("*.tar.gz")
        subprocess.run(["tar", "xf", archive, "-C", part, "--strip-components=1", "--no-same-owner"], check=True)
        archive.unlink()

    return make_folder(folder, make)


# ---- running ----

SETTINGS = {"pytest.toml": "[pytest]", "pytest.ini": "", "pyproject.toml": "[tool.pytest", "tox.ini": "[pytest]", "setup.cfg": "[tool:pytest]"}

# Modules that pytest itself imports. What they import follows.
TEST = re.compile(r"tests?(_.*)?$|.*_tests?$|conftest$|__init__$")


def write_project(package: Package, source: pathlib.Path, project: pathlib.Path) -> str:
    """Writes the project. Returns the name of the file with the settings of pytest."""
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    for path, name in package.copies():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / path).is_dir():
            shutil.copytree(source / path, project / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy(source / path, project / name)
    for name in package.omit:
        (shutil.rmtree if (project / name).is_dir() else os.unlink)(project / name)
    shutil.copy(FOLDER / "main.py", project)
    settings = "settings.toml"
    (project / settings).touch()
    for name, section in SETTINGS.items():
        if (source / name).is_file() and section in (source / name).read_text(encoding="utf-8"):
            settings = "settings.toml" if name == "pyproject.toml" else name
            shutil.copy(source / name, project / settings)
            break
    modules = sorted(path.relative_to(project).with_suffix("") for path in project.rglob("*.py") if TEST.match(path.stem))
    names = [".".join(path.parts[:-1] if path.name == "__init__" else path.parts) for path in modules]
    include = [*package.pywasm.get("include", []), *(name for name in names if all(part.isidentifier() for part in name.split(".")))]
    # pytest puts the folders of tests that are not packages on sys.path, where their modules have other names.
    loose = {path for test in package.tests for path in [project / test] if path.is_dir() and not (path / "__init__.py").exists()}
    external = sorted({path.stem for folder in loose for path in folder.iterdir() if path.stem.isidentifier()})
    data = sorted(path.name + ("/**" if path.is_dir() else "") for path in project.iterdir() if path.name != "main.py")
    data.append("pyproject.toml")
    own = package.pywasm | {"name": "tests", "entry": "main.py", "include": include, "external": external, "data": data}
    project_table = {"name": f"{package.name}-tests", "version": "1", "dependencies": package.requirements()}
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in project_table.items()]
    lines += ["\n[tool.pywasm]\n", *(f"{key} = {json.dumps(value)}\n" for key, value in own.items())]
    (project / "pyproject.toml").write_text("[project]\n" + "".join(lines), encoding="utf-8")
    return settings


# Addresses and folders of packages, as names of tests may have them.
CHANGING = re.compile(r"0x[0-9a-f]+|/[^][]*/(site/[^/]*|site-packages)/")


def read_outcomes(package: str, folder: str, output: str) -> Run:
    """What the program said of its tests. One that has started and not ended has ended the program."""
    tests = {}
    for line in output.splitlines():
        if line.startswith("OUTCOME "):
            try:
                name, word, reason = json.loads(line.removeprefix("OUTCOME "))
            except ValueError:
                continue
            name = f"{package}::" + CHANGING.sub("_", name.replace(folder, ""))
            if word == "started":
                tests.setdefault(name, ["failed", ""])
            elif tests.get(name, ["", ""])[0] != "failed" or not tests[name][1]:
                tests[name] = [word, reason]
    said = "\n".join(line for line in output.splitlines() if not line.startswith("OUTCOME "))
    whole = f"it was not run: {said.strip()[-1200:]}"
    return Run({name: [word, reason or whole if word == "failed" else reason] for name, (word, reason) in tests.items()}, whole)


def run_package(package: Package, pins: dict[str, str], options: argparse.Namespace) -> None:
    """Runs the tests natively and in an artifact. What both print stays in the project's folder."""
    site, source = install(package, pins, options.kept), fetch_source(package, options.kept)
    project = options.projects / package.name
    settings = write_project(package, source, project)
    arguments = [settings, *package.options, *options.option, *package.tests]
    variables = {"PYTHONPATH": str(site), "TZ": "UTC"}
    program = [os.environ["PYWASM_NATIVE_PYTHON"], "-B", "-s", "-X", "utf8", "main.py", *arguments]

    def keep(name, command, **more):
        printed = start(command, SECONDS, cwd=project, **more)
        (project / f"{name}.txt").write_text("".join(printed), encoding="utf-8", errors="backslashreplace")

    keep("native", program, variables=variables)
    pywasm = os.environ["PYWASM"]
    keep("build", [pywasm, "build", "-q", "--profile", "dev", "--path", str(site)])
    if (project / "dist" / "tests.wasm").exists():
        keep("artifact", [pywasm, "run", "-q", "dist/tests.wasm", "--", *arguments])


def compare_package(package: Package, project: pathlib.Path, causes: Causes):
    """Compares what the last run has left."""
    native, build, artifact = (project / f"{name}.txt" for name in ("native", "build", "artifact"))
    if not build.exists():
        return Comparison(package.name, note="there is no run of it")
    text = artifact.read_text(encoding="utf-8") if artifact.exists() else "it was not built"
    runs = {
        "native": read_outcomes(package.name, str(project), native.read_text(encoding="utf-8")),
        WAY: read_outcomes(package.name, "/pywasm/app", text),
    }
    result = compare(package.name, runs, causes)
    if not artifact.exists():
        result.note = f"pywasm says: {build.read_text(encoding='utf-8').strip()[:2000]}"
    return result


# ---- the page ----


def write_page(results, packages: list[Package]) -> None:
    native = sum(result.native for result in results)
    both = sum(result.passed[WAY] for result in results)
    skipped = sum(result.skipped[WAY] for result in results)
    aside = sum(failure.cause in ASIDE for result in results for failure in result.failures)
    head = PAGE.read_text(encoding="utf-8").partition("<!-- table -->")[0]
    versions = {package.name: package.version for package in packages}
    lines = [
        "<!-- table -->",
        "",
        f"{native:,} tests of {len(results)} packages pass natively. Of these, {both:,} pass in the artifact, {skipped:,} are"
        f" skipped there, and {native - both - skipped:,} fail. Without those that are skipped, that start a process or a thread,"
        f" or that test compiled code, {100 * both / (native - skipped - aside):.2f} % pass.",
        "",
        *cause_rows(results, {WAY: "in the artifact"}),
        "",
        "| package | version | pass natively | pass in the artifact | skipped there | fail there |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {result.name} | {versions[result.name]} | {result.native} | {result.passed[WAY]} | {result.skipped[WAY]} | {result.failed(WAY)} |"
            for result in results
        ),
    ]
    PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/package-tests.sh", description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="only these; all of them without a name")
    parser.add_argument("--install-only", action="store_true", help="install the packages, run nothing")
    parser.add_argument("--kept", type=pathlib.Path, required=True, help="where packages and projects are kept")
    parser.add_argument("--projects", type=pathlib.Path, help="where projects are written (KEPT/projects)")
    parser.add_argument("--again", action="store_true", help="run nothing, compare what the last runs have left")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="packages at a time (one for each processor)")
    parser.add_argument("--option", action="append", default=[], help="an option for pytest, as --option=-k=name")
    parser.add_argument("--table", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    pins = read_pins(*PINS)
    every = read_packages(pins)
    unknown = set(options.packages) - {package.name for package in every}
    if unknown:
        parser.error(f"testdata/package-tests has no {', '.join(sorted(unknown))}")
    packages = [package for package in every if not options.packages or package.name in options.packages]
    options.projects = options.projects or options.kept / "projects"
    causes = Causes(FOLDER / "causes.toml")

    def read(package):
        return compare_package(package, options.projects / package.name, causes)

    def one(package):
        if options.install_only:
            install(package, pins, options.kept)
            fetch_source(package, options.kept)
            return None
        if not options.again:
            run_package(package, pins, options)
        return read(package)

    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in filter(None, pool.map(one, packages)):
            results.append(result)
            print(result.tell(), flush=True)
    if options.install_only:
        return 0
    if options.table:
        done = [package for package in every if (options.projects / package.name / "artifact.txt").exists()]
        write_page([read(package) for package in done], done)
    failures = sum(len(result.unknown()) for result in results)
    failures += sum(result.native == 0 for result in results)
    native, both = sum(result.native for result in results), sum(result.passed.get(WAY, 0) for result in results)
    print(f"{both} of {native} tests pass; {failures} fail without a known cause")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
