import sys

import cycle_a

PARTIAL = sorted(name for name in vars(cycle_a) if not name.startswith("__"))
INITIALIZING = getattr(cycle_a.__spec__, "_initializing", None)
try:
    cycle_a.A
except AttributeError as error:
    ERROR = type(error).__name__
try:
    from cycle_a import A
except ImportError as error:
    FROM_ERROR = type(error).__name__, error.name, error.name_from
B = PARTIAL, INITIALIZING, ERROR, FROM_ERROR
