import sys
import time

from tree.branch import leaf

print("branch goes on", time.time() > 0, sorted(name for name in sys.modules if name.startswith("tree")))
DONE = leaf.NAME
