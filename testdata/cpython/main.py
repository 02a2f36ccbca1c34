"""Runs one file of CPython's test suite.

In:  the folder that has the package `test`, and the name of a file in it, without its ending.
Out: on standard output one line of JSON behind the word REPORT: for each test whether it passed, failed or was
     skipped, and why. Where the file itself failed or was skipped, the reason of that.

A native CPython runs this file as well as an artifact does, so both count in the same way.
"""

import json
import os
import sys
import tempfile
import traceback
import unittest


class Outcomes(unittest.TestResult):
    """What became of each test: by its name `passed`, or the word and a reason."""

    def __init__(self):
        super().__init__()
        self.by_name = {}

    def put(self, test, word, reason=""):
        if self.by_name.get(test.id(), "passed")[0] != "failed":
            self.by_name[test.id()] = [word, reason]

    def addSuccess(self, test):
        self.by_name.setdefault(test.id(), ["passed", ""])

    def addFailure(self, test, error):
        self.put(test, "failed", describe(error))

    addError = addFailure

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.put(test, "failed", describe(error))

    def addSkip(self, test, reason):
        self.put(test, "skipped", reason)

    def addExpectedFailure(self, test, error):
        self.put(test, "passed")

    def addUnexpectedSuccess(self, test):
        self.put(test, "failed", "passed unexpectedly")


def describe(error):
    """The last lines of a failure."""
    return "".join(traceback.format_exception(*error))[-1200:]


def claim_linux(support):
    """An artifact says that it is what a program finds under Linux, so nothing is skipped because it is WASI's."""
    support.is_wasi = False
    support.has_subprocess_support = support.has_fork_support = support.has_socket_support = True


def main(folder, name):
    sys.path.append(folder)
    os.chdir(tempfile.mkdtemp())
    outcomes, whole = Outcomes(), ""
    try:
        from test import support

        claim_linux(support)
        module = __import__("test." + name, fromlist=["*"])
        unittest.defaultTestLoader.loadTestsFromModule(module).run(outcomes)
    except unittest.SkipTest as skip:
        whole = f"skipped: {skip}"
    except BaseException:
        whole = describe(sys.exc_info())
    sys.__stdout__.write("\nREPORT " + json.dumps({"whole": whole, "tests": outcomes.by_name}) + "\n")
    sys.__stdout__.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
