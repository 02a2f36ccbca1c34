"""Compares a small program for each of many packages: a native Python beside the artifact.

In: `testdata/wild`, with a program for each package and `requirements.txt`, which pins everything
that they need; the variables that `scripts/packages.sh` sets. Out: a line for each package, with `--table`
the page `docs/reference/packages.md`, and the exit code 1 where a result is not what is expected.

The docstring of a program says what it does. Its metadata (`# /// script`, where there are any) name
what to install beside the package, and in `[tool.wild]` why the artifact `differs`.
"""

import argparse
import ast
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
import time
import tomllib

from pinned import PLATFORM, ROOT, has_pinned, install as install_pinned, installed, plain, read_pins

WILD = ROOT / "testdata" / "wild"
PINS = WILD / "requirements.txt"
PAGE = ROOT / "docs" / "reference" / "packages.md"
KEPT = pathlib.Path(os.environ["PYWASM_PACKAGES_WILD"])
SECONDS = 600


@dataclasses.dataclass
class Program:
    """One file of `testdata/wild`."""

    name: str
    path: pathlib.Path
    does: str
    requires: list[str]
    differs: str | None


@dataclasses.dataclass
class Outcome:
    """What a program did in the artifact, beside what it did natively."""

    program: Program
    version: str
    same: bool
    size: int
    seconds: float
    note: str

    def expected(self) -> bool:
        return self.same == (self.program.differs is None)


def read_program(path: pathlib.Path) -> Program:
    text = path.read_text(encoding="utf-8")
    block = re.search(r"(?m)^# /// script$\n((?:^#.*$\n)+?)^# ///$", text)
    metadata = tomllib.loads(re.sub(r"(?m)^# ?", "", block[1])) if block else {}
    does = ast.get_docstring(ast.parse(text))
    if not does:
        sys.exit(f"{path}: a docstring says what the program does")
    return Program(
        name=path.stem,
        path=path,
        does=" ".join(does.split()),
        requires=metadata.get("dependencies", [path.stem]),
        differs=metadata.get("tool", {}).get("wild", {}).get("differs"),
    )


def install(program: Program, pins: dict[str, str]) -> pathlib.Path:
    """Installs what a program needs, unless an earlier run has installed the same versions."""
    key = hashlib.sha256("\n".join([*PLATFORM, *program.requires]).encode()).hexdigest()[:16]
    site = KEPT / f"{program.name}-{key}"
    if has_pinned(site, pins):
        return site
    for older in KEPT.glob(f"{program.name}-" + "[0-9a-f]" * 16):
        shutil.rmtree(older)
    part = KEPT / f".part-{program.name}"
    shutil.rmtree(part, ignore_errors=True)
    install_pinned(part, PINS, program.requires)
    part.rename(site)
    return site


def run(command: list[str], folder: pathlib.Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    environment |= {name: value for name, value in os.environ.items() if name == "PYWASM_HOME"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )


def last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""


def compare(program: Program, pins: dict[str, str], profile: str) -> Outcome:
    """Builds one program, runs it twice and compares standard output and exit code."""
    try:
        site = install(program, pins)
    except subprocess.CalledProcessError as error:
        return Outcome(program, "", False, 0, 0.0, f"pip: exit code {error.returncode}")
    version = installed(site).get(plain(re.split(r"[^\w.-]", program.requires[0])[0]), "")
    folder = KEPT / "projects" / program.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(program.path, folder / "main.py")
    dependencies = json.dumps(program.requires)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "program"\nversion = "1.0"\ndependencies = {dependencies}\n\n'
        '[tool.pywasm]\nentry = "main.py"\n',
        encoding="utf-8",
    )

    def outcome(same: bool, size: int, seconds: float, note: str) -> Outcome:
        return Outcome(program, version, same, size, seconds, note)

    native = [os.environ["PYWASM_NATIVE_PYTHON"], "-B", "-X", "utf8", "-s", "main.py"]
    expected = run(native, folder, PYTHONPATH=str(site), TZ="UTC")
    (folder / "native.out").write_bytes(expected.stdout)
    (folder / "native.err").write_bytes(expected.stderr)
    if expected.returncode != 0:
        return outcome(False, 0, 0.0, f"natively: {last_line(expected.stderr)}")
    pywasm = os.environ["PYWASM"]
    start = time.monotonic()
    try:
        # As users get it: the profile dev alone leaves the snapshot out.
        options = ["--profile", profile, "--preinit", "stdlib", "--path", str(site)]
        build = run([pywasm, "build", *options], folder)
        seconds = time.monotonic() - start
        (folder / "build.err").write_bytes(build.stderr)
        if build.returncode != 0:
            errors = [line for line in build.stderr.decode().splitlines() if line.startswith("error")]
            return outcome(False, 0, seconds, (errors or [last_line(build.stderr)])[0])
        artifact = next(path for path in (folder / "dist").iterdir() if path.suffix == ".wasm")
        compressed = artifact.with_name(artifact.name + ".br")
        size = (compressed if compressed.exists() else artifact).stat().st_size
        actual = run([pywasm, "run", str(artifact)], folder)
    except subprocess.TimeoutExpired as error:
        return outcome(False, 0, SECONDS, f"stopped after {error.timeout:.0f} s")
    (folder / "artifact.out").write_bytes(actual.stdout)
    (folder / "artifact.err").write_bytes(actual.stderr)
    if actual.returncode != expected.returncode:
        note = f"exit code {actual.returncode}: {last_line(actual.stderr)}"
    elif actual.stdout != expected.stdout:
        lines = zip(expected.stdout.splitlines(), actual.stdout.splitlines())
        wanted, got = next(((a, b) for a, b in lines if a != b), (b"(the end)", b"(the end)"))
        note = f"{got.decode(errors='replace')!r} instead of {wanted.decode(errors='replace')!r}"
    else:
        return outcome(True, size, seconds, "")
    return outcome(False, size, seconds, note)


def write_table(outcomes: list[Outcome], names: list[str], profile: str) -> None:
    """Writes the rows of these programs again, and keeps those of the others of the same names."""
    text = PAGE.read_text(encoding="utf-8")
    head, _, table = text.partition("<!-- table -->")
    rows = {line.split("|")[1].strip(): line for line in table.splitlines() if line.startswith("| ")}
    for outcome in outcomes:
        program = outcome.program
        result = "same" if outcome.same else f"differs: {program.differs or outcome.note}"
        size = f"{outcome.size / 1e6:.1f}" if outcome.size else ""
        rows[program.name] = f"| {program.name} | {outcome.version} | {program.does} | {result} | {size} |"
    lines = [rows[name] for name in names if name in rows]
    same = sum("| same |" in line for line in lines)
    kind = "Brotli file" if profile == "release" else "file `.wasm`"
    PAGE.write_text(
        f"{head}<!-- table -->\n\n{same} of {len(lines)} programs print the same and end with the same exit code, built "
        f"with the profile `{profile}`. Sizes are megabytes of the {kind}.\n\n"
        "| package | version | the program | the artifact | size |\n| --- | --- | --- | --- | ---: |\n"
        + "".join(f"{line}\n" for line in lines),
        encoding="utf-8",
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/packages.sh", description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="only these; all of them without a name")
    parser.add_argument("--profile", default="release", choices=["dev", "release"], help="dev builds faster")
    parser.add_argument("--jobs", type=int, default=1, help="how many programs are built at once")
    parser.add_argument("--install-only", action="store_true", help="install the packages, build nothing")
    parser.add_argument("--table", action="store_true", help=f"write their rows in {PAGE.relative_to(ROOT)} again")
    options = parser.parse_args()
    programs = [read_program(path) for path in sorted(WILD.glob("*.py"))]
    unknown = set(options.packages) - {program.name for program in programs}
    if unknown:
        parser.error(f"testdata/wild has no program for {', '.join(sorted(unknown))}")
    names = [program.name for program in programs]
    programs = [program for program in programs if not options.packages or program.name in options.packages]
    pins = read_pins(PINS)
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        if options.install_only:
            list(pool.map(lambda program: install(program, pins), programs))
            return 0
        for outcome in pool.map(lambda program: compare(program, pins, options.profile), programs):
            mark = "same" if outcome.same else "differs"
            surprise = "" if outcome.expected() else "  <-- not expected"
            name = f"{outcome.program.name} {outcome.version}"
            print(f"{name:32} {mark:8} {outcome.size / 1e6:6.2f} MB {outcome.seconds:6.1f} s  {outcome.note}{surprise}", flush=True)
            outcomes.append(outcome)
    same = sum(outcome.same for outcome in outcomes)
    surprises = [outcome.program.name for outcome in outcomes if not outcome.expected()]
    print(f"{same} of {len(outcomes)} the same; not as expected: {', '.join(surprises) or 'none'}")
    if options.table:
        write_table(outcomes, names, options.profile)
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
