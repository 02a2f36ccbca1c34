"""Sorts imports with profiles, sections, comments, own settings and checks, by code and by file."""

import contextlib
import io
import pathlib
import tempfile

import isort
from isort import Config, main

CODE = """from z import b,a
import sys, os
from . import local
from __future__ import annotations
import numpy as np  # numbers
from typing import Optional, Any, List, Dict, Tuple, Callable, Iterable, Sequence, NamedTuple
import django.db
from mine import thing
# isort: off
import unsorted, first
# isort: on
if x:
    import b; import a
"""
print(isort.code(CODE))
for profile in ["black", "google", "pycharm"]:
    print(profile, isort.code(CODE, profile=profile, known_first_party=["mine"]))
config = Config(force_sort_within_sections=True, line_length=40, multi_line_output=5, sections=["FUTURE", "STDLIB", "DJANGO", "THIRDPARTY", "FIRSTPARTY", "LOCALFOLDER"], known_django=["django"])
print(isort.code(CODE, config=config), isort.check_code(CODE), isort.check_code("import os\nimport sys\n"))
print(isort.place_module("os.path"), isort.place_module("django", config=config), [found.statement() for found in isort.find_imports_in_code(CODE)][:4])
path = pathlib.Path(tempfile.mkdtemp()) / "m.py"
path.write_text(CODE)
with contextlib.redirect_stdout(io.StringIO()) as out:
    main.main(["--stdout", "-q", "--add-import", "import json", str(path)])
print(out.getvalue())
with contextlib.redirect_stdout(io.StringIO()):
    print(isort.file(path))
print(path.read_text() == isort.code(CODE))
