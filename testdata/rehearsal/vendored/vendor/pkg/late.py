import sys

print("late")
from .plugins import REGISTRY

ORDER = [name for name in sys.modules if name.startswith("pkg")][-3:]
REGISTRY["late"] = None
