"""Collects a test file and runs it; prints what pytest says, without times, versions and folders."""

import contextlib
import io
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

root = Path(__file__).parent
base = Path("work").absolute() / "pytest"
os.chdir(root)
said = io.StringIO()
with contextlib.redirect_stdout(said):
    code = pytest.main(["-p", "no:cacheprovider", "--rootdir", ".", "--basetemp", str(base), *sys.argv[1:], "checks"])
shutil.rmtree(base, ignore_errors=True)
text = said.getvalue().replace(str(root), "ROOT")
text = re.sub(r"=+ (.*) in \d+\.\d+s =+", r"\1", text)
text = re.sub(r"platform \w+ -- Python [\d.]+, (pytest-\S+ pluggy-\S+).*", r"\1", text)
print(re.sub(r"(configfile|cachedir): .*\n", "", text))
print("exit code", int(code))
