"""Runs the tests of a package with pytest.

In:  `settings`, the package's own settings of pytest, and the tests, beside this file; pytest's arguments.
Out: on standard output a line of JSON behind the word OUTCOME for each test that ended: its name, whether it passed,
     failed or was skipped, and why. A line ahead of each test names it, for those that end the program.

A native CPython runs this file as well as an artifact does, so both count in the same way.
"""

import json
import os
import sys
import tempfile

import pytest


class Outcomes:
    """A plugin that tells what became of each test, as soon as that is known."""

    def __init__(self):
        # What tests print goes elsewhere, to what captures it.
        self.stream = open(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")

    def put(self, *words):
        self.stream.write("\nOUTCOME " + json.dumps(words) + "\n")
        self.stream.flush()

    def pytest_runtest_logstart(self, nodeid):
        self.put(nodeid, "started", "")

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.put(report.nodeid, "failed", report.longreprtext[-1200:])
        elif report.skipped:
            self.put(report.nodeid, "passed" if hasattr(report, "wasxfail") else "skipped", str(report.longrepr)[-300:])
        elif report.when == "call":
            self.put(report.nodeid, "passed", "")

    def pytest_collectreport(self, report):
        if not report.passed:
            self.put(report.nodeid, report.outcome, report.longreprtext[-1200:])


def main(settings, *arguments):
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    # An artifact's folder is read-only.
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = os.path.join(tempfile.mkdtemp(), "hypothesis")
    where = ["-c", settings, "--rootdir", ".", "-p", "no:cacheprovider"]
    how = ["-o", "addopts=", "--continue-on-collection-errors", "-q", "--no-header", "--tb=short"]
    return pytest.main([*where, *how, *arguments], plugins=[Outcomes()])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
