# /// script
# dependencies = ["pylint"]
#
# [tool.wild]
# differs = "it reads the sources of the modules that the checked file imports, and an artifact has their bytecode"
# ///
"""Lints a file by its own runner, as text and as JSON, with some checks turned off."""

import io
import json
import pathlib

from pylint.lint import Run
from pylint.reporters import JSONReporter
from pylint.reporters.text import TextReporter

SOURCE = '''
import os, sys
from collections import *
def f(a, b=[]):
    unused = 1
    if a == None:
        return undefined_name
    else:
        return b
class lower:
    def method(): pass
'''
path = pathlib.Path("/tmp/linted.py")
path.write_text(SOURCE)
for reporter in [TextReporter, JSONReporter]:
    output = io.StringIO()
    run = Run(["--disable=missing-docstring", "--score=n", "--persistent=n", str(path)], reporter=reporter(output), exit=False)
    if reporter is JSONReporter:
        print([(row["line"], row["symbol"]) for row in json.loads(output.getvalue())])
    else:
        print(output.getvalue().replace("/tmp/", ""))
    print(run.linter.msg_status, run.linter.stats.error, run.linter.stats.warning)
