"""Runs tests of CPython's suite, and counts what became of each.

In:  modules with tests, or what their imports raised.
Out: on standard output one line of JSON behind the word REPORT: for each test whether it passed, failed or was
     skipped, and why. Where no module could be imported, the reason of that.

A native CPython runs this file as well as an artifact does, so both count in the same way.
"""

import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
import unittest


class Outcomes(unittest.TestResult):
    """What became of each test: by its name `passed`, or the word and a reason."""

    def __init__(self):
        super().__init__()
        self.by_name = {}

    def stopTest(self, test):
        super().stopTest(test)
        # Where no thread can start, a test may end between blocking a signal for the thread and the opposite.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_SETMASK, [])

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


def adapt_to_artifact(support):
    """An artifact has no files that a package of tests could search: `main.py` names them. It cannot ask another Python
    what that needs of its environment."""
    support.load_package_tests = lambda folder, loader, tests, pattern: tests
    script_helper = importlib.import_module("test.support.script_helper")
    setattr(script_helper, "__cached_interp_requires_environment", True)


def enter_folder():
    """Tests write into the current folder."""
    os.chdir(tempfile.mkdtemp())


def run(modules):
    """Runs the tests of all modules, and reports."""
    outcomes, whole = Outcomes(), ""
    for module in modules:
        try:
            if isinstance(module, BaseException):
                raise module
            unittest.defaultTestLoader.loadTestsFromModule(module).run(outcomes)
        except unittest.SkipTest as skip:
            whole = f"skipped: {skip}"
        except BaseException:
            whole = describe(sys.exc_info())
    sys.__stdout__.write("\nREPORT " + json.dumps({"whole": whole, "tests": outcomes.by_name}) + "\n")
    sys.__stdout__.flush()
