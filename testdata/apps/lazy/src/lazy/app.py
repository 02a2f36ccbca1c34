"""The command line: imports happen where they are needed, in every way that Python has."""

import importlib
import sys

try:
    import orjson as fast_json  # nobody has it here: the standard library steps in
except ImportError:
    fast_json = None

USAGE = "usage: lazy convert FROM TO | ways | slow | shorten TEXT | module NAME"


def convert(source, target):
    """Standard input from one format to another, each found by its computed name."""
    from lazy import formats

    try:
        records = formats.find(source).loads(sys.stdin.read())
        print(formats.find(target).dumps(records), end="")
    except formats.UnknownFormat as error:
        sys.exit(f"lazy: no format {error}")
    except AttributeError:
        sys.exit(f"lazy: {target} can only be read")


def ways():
    """Imports inside a function, by `import_module` and by `__import__`, relative and dotted."""
    import colorsys as colours

    print("function:", colours.rgb_to_hsv(1.0, 0.5, 0.5))
    print("import_module:", importlib.import_module("fractions").Fraction(3, 12))
    print("relative:", importlib.import_module(".text", package="lazy").shorten("a long text that has to be cut"))
    print("__import__:", __import__("bisect").bisect([1, 3, 5], 4))
    print("dotted:", __import__("xml.sax.saxutils").sax.saxutils.escape("a < b & c"))
    print("fromlist:", __import__("lazy.formats", fromlist=["json"]).json.dumps([]), end="")
    print("optional:", "fast" if fast_json else "standard library")


def slow():
    """Nothing is imported before it is used."""
    print("loaded before:", "lazy.slow" in sys.modules)
    from lazy.slow import ANSWER

    print("loaded after:", "lazy.slow" in sys.modules, ANSWER)


def shorten(text):
    """Through the package's lazy attribute."""
    import lazy

    print(lazy.shorten(text))
    try:
        lazy.lengthen(text)
    except AttributeError as error:
        print(error)


def module(name):
    """Any module by its name, as it comes from the command line."""
    print(importlib.import_module(name).__name__)


COMMANDS = {"convert": convert, "ways": ways, "slow": slow, "shorten": shorten, "module": module}


def main():
    """Runs one command."""
    match sys.argv[1:]:
        case [name, *rest] if name in COMMANDS:
            COMMANDS[name](*rest)
        case _:
            print(USAGE, file=sys.stderr)
            return 2
