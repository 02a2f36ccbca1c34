"""Leaves in the way that a variable names, out of an import."""
import atexit
import os
import sys

atexit.register(print, "exit function")
way = os.environ.get("WAY")
try:
    import leaver
except LookupError:
    print("caught")
    raise SystemExit(5)
finally:
    last = "finally"
print("after", last)
