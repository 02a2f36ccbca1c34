"""Arguments and variables are those of the start."""
import getopt
import os
import sys
from os import environ, getenv
from sys import argv

here = environ
program = sys.argv
LANGUAGE = os.environ.get("LANGUAGE_OF_USER", "en")
os.environ["MADE_HERE"] = "made"
os.environ["OVERRIDDEN"] = "by the program"
os.environ.pop("TAKEN", None)
level = getenv("LEVEL")
FLAGS = {name: environ.get(name, "unset") for name in ("FLAG_A", "FLAG_B")}
try:
    needed = environ["NEEDED"]
except KeyError as error:
    needed = f"no {error.args[0]}"
if "VERBOSE" in environ:
    FLAGS["verbose"] = True
os.environ.setdefault("DEFAULTED", "default")
other = os.environb.get(b"BYTES", b"no bytes")
expanded = os.path.expandvars("$LEVEL/${MADE_HERE}/$UNKNOWN")
shell = os.path.expanduser("~/x") if "HOME" in os.environ else "no home"
environment = {name: value for name, value in os.environ.items() if name.isupper() and "PY" not in name and name not in ("PATH", "LC_CTYPE", "PWD", "SHLVL", "OLDPWD")}
print(LANGUAGE, level, FLAGS, needed, other, expanded, shell)
print(environment)
print(argv[1:], sys.argv is argv, program is argv, here is os.environ, len(sys.orig_argv) > 0)
print(os.environ["MADE_HERE"], os.environ["OVERRIDDEN"], os.environ.get("TAKEN"), os.environ["DEFAULTED"])
print(getopt.getopt(argv[1:], "a"))
os.environ["TAKEN"] = "again"
del os.environ["OVERRIDDEN"]
print(os.environ.get("OVERRIDDEN"), os.getenv("TAKEN"))
