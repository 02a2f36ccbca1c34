"""Checks the style of a source with settings, a report of its own, a check of its own and counts."""

import pathlib
import tempfile

import pycodestyle

SOURCE = '''import os, sys
def f( a,b = 1 ):
  x=[1,2 ,3]
  if x == None : return lambda:0
  y = {'a':1}; z = a if not a in x else b
class A: pass
l = 1
try:
    pass
except:
    pass
long = "a line that is certainly very much longer than the seventy-nine characters that are allowed here"\t
'''
path = pathlib.Path(tempfile.mkdtemp()) / "sample.py"
path.write_text(SOURCE)


class Report(pycodestyle.BaseReport):
    def error(self, line, offset, text, check):
        code = super().error(line, offset, text, check)
        if code:
            print(line, offset, text, check.__name__)
        return code


style = pycodestyle.StyleGuide(reporter=Report, max_line_length=90, ignore=["W191"], select=[])
report = style.check_files([str(path)])
print(report.total_errors, sorted(report.counters.items())[:6], report.get_count("E2"))


@pycodestyle.register_check
def no_names(logical_line):
    """X100: refuses names."""
    if "long" in logical_line:
        yield 0, "X100 long"


checker = pycodestyle.Checker("x.py", lines=SOURCE.splitlines(True), quiet=True)
print(checker.check_all(), pycodestyle.expand_indent("\t x"), pycodestyle.mute_string('"abc"'), [name for name, _, _ in pycodestyle.init_checks_dict({})["x"]] if False else "X100" in checker.report.counters)
