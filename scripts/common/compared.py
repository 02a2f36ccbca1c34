"""Compares how tests end in several ways of running them: what `cpython/`, `packages/` and `engines/` use.

In:  commands; for each way a `Run`, of which the one called `native` says what passes; a file with the causes of failures.
Out: comparisons, and the lines and rows of tables that tell them.

There are two kinds of difference. A test that passes natively fails elsewhere; or one that passes on the base, where
nothing is shaken, does not pass in an artifact, and is a fault of the build.
"""

import collections
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
    """Why files are not run, and why tests fail."""

    def __init__(self, path):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        self.files = {name: entry["why"] for entry in document.get("file", []) for name in entry["names"]}
        self.native = [Cause(entry) for entry in document.get("test", [])]
        self.base = [Cause(entry) for entry in document.get("artifact", [])]

    def find(self, failure):
        """The cause of a failure, or None."""
        causes = self.base if failure.passes_on_base else [*self.native, *self.base]
        return next((cause.why for cause in causes if cause.explains(failure)), None)


class Cause:
    """An entry of a file of causes. `ways`: where it counts; everywhere without it."""

    def __init__(self, entry):
        self.names = entry.get("names", ["*"])
        self.says = re.compile(entry.get("says", ""), re.S)
        self.ways = entry.get("ways")
        self.why = entry["why"]

    def explains(self, failure):
        is_named = any(fnmatch.fnmatchcase(failure.test, pattern) for pattern in self.names)
        return (self.ways is None or failure.way in self.ways) and is_named and bool(self.says.search(failure.reason))


@dataclasses.dataclass
class Run:
    """What one way made of one file: `tests` by their names, as [word, reason]; `whole`: why there are none."""

    tests: dict
    whole: str

    def outcome(self, test):
        """What became of one test, and why."""
        if test in self.tests:
            return self.tests[test]
        return ["skipped" if self.whole.startswith("skipped") else "failed", self.whole]


@dataclasses.dataclass
class Failure:
    """A test that passes natively and fails in another way; or is skipped there, where it passes on the base."""

    test: str
    way: str
    reason: str
    is_skipped: bool
    passes_on_base: bool
    cause: str | None = None

    def tell(self):
        compared = "passes on the base, " if self.passes_on_base else ""
        reason = last_line(self.reason) or "it was not run"
        return f"{self.test}: {compared}{'is skipped' if self.is_skipped else 'fails'} in the way {self.way}: {reason}"


@dataclasses.dataclass
class Comparison:
    """One file: how many tests pass natively; how many of those pass and are skipped in each other way; and what
    fails. `note`: why there is nothing to compare."""

    name: str
    native: int = 0
    passed: dict = dataclasses.field(default_factory=dict)
    skipped: dict = dataclasses.field(default_factory=dict)
    failures: list = dataclasses.field(default_factory=list)
    note: str = ""

    def failed(self, way):
        return self.native - self.passed[way] - self.skipped[way]

    def unknown(self):
        return [failure for failure in self.failures if failure.cause is None]

    def tell(self):
        if self.note:
            return f"{self.name}: {self.note}"
        skipped = lambda way: f" ({self.skipped[way]} are skipped)" if self.skipped[way] else ""
        passed = ", ".join(f"{way} {count}{skipped(way)}" for way, count in self.passed.items())
        unknown = [failure.tell() for failure in self.unknown()]
        more = [f"and {len(unknown) - SHOWN} more"] if len(unknown) > SHOWN else []
        return "\n    ".join([f"{self.name}: native {self.native}, {passed}", *unknown[:SHOWN], *more])


def compare(name, runs, causes):
    """Compares the runs of one file, by the names of their ways."""
    result = Comparison(name)
    native = runs["native"]
    passed = [test for test, (word, _) in native.tests.items() if word == "passed"]
    result.native = len(passed)
    if not passed:
        result.note = last_line(native.whole) or "no test passes natively"
    for way, run in runs.items():
        if way == "native":
            continue
        words = [run.outcome(test) for test in passed]
        result.passed[way] = sum(word == "passed" for word, _ in words)
        result.skipped[way] = sum(word == "skipped" for word, _ in words)
        for test, (word, reason) in zip(passed, words):
            passes_on_base = way != "base" and "base" in runs and runs["base"].outcome(test)[0] == "passed"
            if word == "failed" or (word == "skipped" and passes_on_base):
                failure = Failure(test, way, reason, word == "skipped", passes_on_base)
                failure.cause = causes.find(failure)
                result.failures.append(failure)
    return result


def cause_rows(results, columns):
    """The rows of a table of causes, the most frequent first. `columns`: the titles of the ways."""
    counts = {}
    for result in results:
        for failure in result.failures:
            counts.setdefault(failure.cause or "not known yet", collections.Counter())[failure.way] += 1
    lines = [f"| why tests fail | {' | '.join(columns.values())} |", "| --- |" + " ---: |" * len(columns)]
    for cause, count in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])):
        lines.append(f"| {cause} | {' | '.join(f'{count[way]:,}' for way in columns)} |")
    return lines


def last_line(text):
    return (text.strip().splitlines() or [""])[-1].strip()[:160]


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
