import sys
import time

from . import trunk
from .branch import leaf

print("tree goes on", time.time() > 0, sorted(name for name in sys.modules if name.startswith("tree")))
DONE = leaf.NAME + trunk.NAME
