import atexit
import decimal
import json
import logging
import os
import warnings

atexit.register(print, "exit function of the package")
SEEN = [
    os.environ.get("ORDER_MODE"),
    json.dumps({}),
    str(decimal.Decimal(1) / 3),
    logging.getLogger().level,
    len(logging.getLogger().handlers),
]
try:
    warnings.warn("old", DeprecationWarning)
except DeprecationWarning as warning:
    SEEN.append(f"raised {warning}")
logging.basicConfig(level=logging.DEBUG, format="package:%(message)s")


def log():
    logging.getLogger(__name__).info("told by the package")
