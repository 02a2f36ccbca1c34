"""Arguments and environment, by names that were bound at import."""
import os
import sys
from os import environ, getenv

ARGUMENTS = sys.argv
VARIABLES = os.environ
BYTES = os.environb
os.environ["SET_AT_IMPORT"] = "import"
os.environb[b"BYTES_AT_IMPORT"] = b"\xff"
os.putenv("PUT_AT_IMPORT", "put")
MISSING = getenv("GIVEN")


def check_arguments():
    print(ARGUMENTS is sys.argv, ARGUMENTS[1:])
    sys.argv.append("more")
    print(ARGUMENTS[1:])


def check_environment():
    print(VARIABLES is os.environ is environ, getenv("GIVEN"), environ["GIVEN"], "GIVEN" in VARIABLES, BYTES[b"GIVEN"])
    print(getenv("NOT_GIVEN"), getenv("NOT_GIVEN", "default"), os.getenvb(b"EMPTY"), environ.get("EMPTY"))
    print(environ["SET_AT_IMPORT"], BYTES[b"BYTES_AT_IMPORT"], ascii(environ["BYTES_AT_IMPORT"]))
    print(sorted(name for name in environ if name not in ("PYTHONPATH", "LC_CTYPE", "PATH")))
    environ["GIVEN"] = "changed"
    del environ["EMPTY"]
    print(getenv("GIVEN"), BYTES[b"GIVEN"], "EMPTY" in environ)
    print(os.path.expandvars("$GIVEN-${SET_AT_IMPORT}"))
    try:
        environ["NOT_GIVEN"]
    except KeyError as error:
        print(repr(error))
    copy = environ.copy()
    print(type(copy), copy["GIVEN"], len(environ) == len(copy) == len(os.environb))
