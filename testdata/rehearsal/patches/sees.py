import math
import sys
import warnings
import collections.abc
import logging
import __main__

SEEN = [math.tau, shout("sees"), len("abc")]
import absent_library

SEEN.append(absent_library.answer)
try:
    import blocked_library
except ImportError as error:
    SEEN.append(type(error).__name__)
import stub_package.inner
from stub_package import inner

SEEN.append(inner.__name__)
SEEN.append(isinstance(__main__.Sized(), collections.abc.Sequence))
SEEN.append(issubclass(__main__.Virtual, __main__.Shape))
SEEN.append(b"ABC".decode("shouting"))
SEEN.append("aé".encode("ascii", "starred"))
warnings.warn("hidden away")
warnings.warn("shown")
try:
    warnings.warn("a resource", ResourceWarning)
except ResourceWarning as warning:
    SEEN.append(str(warning))
log = logging.getLogger("sees")
log.said("at import")
log.log(25, "a notice")
import made

SEEN.append(made.value)
SEEN.append((sys.getrecursionlimit(), sys.getswitchinterval(), sys.dont_write_bytecode, sys.get_int_max_str_digits()))
