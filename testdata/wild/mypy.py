# /// script
# dependencies = ["mypy<1.19"]
# ///
"""Checks a file with types, errors and imports by its own interface, with two settings."""

import os
import pathlib
import tempfile

from mypy import api

SOURCE = '''
from dataclasses import dataclass
from typing import Protocol, TypedDict
import json

class Named(Protocol):
    name: str

@dataclass
class Person:
    name: str
    age: int = 0

class Options(TypedDict, total=False):
    depth: int

def greet(who: Named) -> str:
    return "hello " + who.name

def wrong(options: Options) -> int:
    greet(3)
    Person("x", "y")
    options["deep"] = 1
    return json.dumps({})

reveal_type([greet(Person("a"))])
def untyped(x): return x
'''
os.chdir(tempfile.mkdtemp())
path = pathlib.Path("checked.py")
path.write_text(SOURCE)
for options in [[], ["--strict"]]:
    out, err, code = api.run(["--cache-dir=/dev/null", "--no-error-summary", *options, str(path)])
    print(code)
    print(out)
    print(err)
