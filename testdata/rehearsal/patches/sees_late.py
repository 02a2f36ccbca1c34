import math
import sys
import sees
from fractions import Fraction
import textwrap

SEEN = [math.tau, shout("late"), len("abcd"), sees.value, sys.path[-1], type(sys.meta_path[-1]).__name__]
try:
    import no_such_module_anywhere
except ImportError as error:
    SEEN.append(type(error).__name__)
SEEN.append("A late text".encode("shouting"))
import made

SEEN.append(made.value)
