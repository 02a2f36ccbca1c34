"""Stands for a module that is dear to import."""

import sys

print("importing the slow module", file=sys.stderr)
ANSWER = 42
