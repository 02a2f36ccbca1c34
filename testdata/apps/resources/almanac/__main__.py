"""The command line: names of readers, run one after the other."""

import sys

from . import readers, writers


def main(names):
    """Runs the readers and writers that are named, or all readers."""
    for name in names or readers.ALL:
        print(f"-- {name}")
        (readers.ALL | writers.ALL)[name]()


main(sys.argv[1:])
