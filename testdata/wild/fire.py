"""Commands from functions, classes and dictionaries, with flags, chains, help and errors."""

import contextlib
import io

import fire
from fire.core import FireExit


class Calculator:
    """Computes."""

    def __init__(self, start=0):
        self.value = start

    def add(self, x, y=1, **named):
        """Adds X and Y."""
        self.value += x + y
        return self

    def show(self, text="v", upper=False):
        return f"{text.upper() if upper else text}={self.value}"

    def __str__(self):
        return f"Calculator({self.value})"


def run(component, command):
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            fire.Fire(component, command=command, name="tool")
        code = 0
    except FireExit as exit:
        code = exit.code
    print(command, code, out.getvalue(), err.getvalue().splitlines()[:3])


for command in ["add 2 3", "add 1 --y=4 show --upper --start=5", "add 1 2 - value", "show --text='a b'", "add", "nothing", "-- --help", "add 1 2 - add 2 3 - show"]:
    run(Calculator, command)
run({"a": [1, {"b": "deep"}], "f": lambda x: type(x).__name__}, "a 1 b")
for value in ["[1,2]", "{k:1}", "'3'", "1e3", "None", "word"]:
    run({"f": lambda x: f"{type(x).__name__} {x}"}, ["f", value])
