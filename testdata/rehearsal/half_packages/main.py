"""Imports modules of packages whose own code stops the rehearsal behind the import of these modules."""
import sys

from tree.branch.leaf import NAME
import single.part

print(NAME, sys.modules["tree"].DONE, sys.modules["tree.branch"].DONE, single.DONE, single.part.NAME)
print([name for name in sys.modules if name.partition(".")[0] in ("tree", "single")])
