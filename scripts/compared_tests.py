"""Compares how tests end in a native Python and in an artifact: what `package_tests.py` and, in part, `cpython_ways.py` use.

In:  commands, outcomes of tests by their names, and a file with the causes of failures. Out: comparisons, and the lines
     and rows of tables that tell them.
"""

import dataclasses
import fnmatch
import os
import re
import signal
import subprocess
import sys
import tomllib

# How many tests without a known cause a line for a file names.
SHOWN = 50


class Causes:
    """Why files are not run, and why tests fail in an artifact only."""

    def __init__(self, path):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        self.files = {name: entry["why"] for entry in document.get("file", []) for name in entry["names"]}
        self.tests = [
            (entry.get("names", ["*"]), re.compile(entry.get("says", ""), re.S), entry["why"]) for entry in document["test"]
        ]

    def find(self, name, reason):
        """The cause of one failure, or None."""
        for patterns, says, why in self.tests:
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns) and says.search(reason):
                return why
        return None


@dataclasses.dataclass
class Run:
    """What one Python made of one file: `tests` by their names, as [word, reason]; `whole`: why there are none."""

    tests: dict
    whole: str


def start(command, seconds, **more):
    """Runs a program, and what it starts, no longer than `seconds`. Returns what it prints, and its errors."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONHASHSEED": "0"}
    if "PYWASM_HOME" in os.environ:
        environment["PYWASM_HOME"] = os.environ["PYWASM_HOME"]
    environment |= more.pop("variables", {})
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(
        command, env=environment, text=True, errors="replace", start_new_session=True, **pipes, **more
    )
    try:
        return process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as late:
        return (late.output or b"").decode(errors="replace"), f"it did not end in {seconds} s"
    finally:
        # What the tests have started may still run.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def succeed(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


@dataclasses.dataclass
class Comparison:
    """One file: how many tests pass natively, pass in both, are skipped in the artifact; and (name, reason, cause) of
    those that fail there. `note`: why there is nothing to compare."""

    name: str
    native: int = 0
    both: int = 0
    skipped: int = 0
    failed: list = dataclasses.field(default_factory=list)
    note: str = ""


def compare(name, native, artifact, causes):
    result = Comparison(name)
    passed = [test for test, (word, _) in native.tests.items() if word == "passed"]
    result.native = len(passed)
    if not passed:
        result.note = last_line(native.whole) or "no test passes natively"
        return result
    for test in passed:
        word, reason = artifact.tests.get(test, ["skipped" if artifact.whole.startswith("skipped") else "failed", artifact.whole])
        if word == "passed":
            result.both += 1
        elif word == "skipped":
            result.skipped += 1
        else:
            result.failed.append((test, last_line(reason) or "it was not run", causes.find(test, reason)))
    return result


def last_line(text):
    return (text.strip().splitlines() or [""])[-1].strip()[:160]


def tell(result):
    if result.note:
        return f"{result.name}: {result.note}"
    unknown = [(test, reason) for test, reason, cause in result.failed if cause is None]
    text = f"{result.name}: {result.both} of {result.native} pass, {result.skipped} are skipped, {len(result.failed)} fail"
    more = [f"and {len(unknown) - SHOWN} more"] if len(unknown) > SHOWN else []
    return "\n    ".join([text, *(f"{test}: {reason}" for test, reason in unknown[:SHOWN]), *more])


def cause_rows(results):
    """The rows of a table of causes, the most frequent first."""
    count = {}
    for result in results:
        for _, _, cause in result.failed:
            count[cause or "not known yet"] = count.get(cause or "not known yet", 0) + 1
    return [
        "| why tests fail in the artifact | tests |",
        "| --- | ---: |",
        *(f"| {cause} | {number:,} |" for cause, number in sorted(count.items(), key=lambda item: (-item[1], item[0]))),
    ]
