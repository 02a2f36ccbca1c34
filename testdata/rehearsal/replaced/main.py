"""Modules that put something else into sys.modules, or nothing, and stop on the way."""
import sys

import replaced
import lazily
from namespace_of import value
import renamed_to

print(replaced.answer, type(replaced).__name__, lazily.answer, value, renamed_to.answer)
try:
    import vanishing
except ImportError as error:
    print(type(error).__name__, error)
print("vanishing" in sys.modules, [name for name in sys.modules if name in ("replaced", "lazily", "namespace_of", "renamed_to", "real_name")])
