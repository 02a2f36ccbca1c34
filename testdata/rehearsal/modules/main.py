"""What a program sees of its own modules."""
import sys
import warnings

warnings.simplefilter("ignore")
BEFORE = set(sys.modules)
import shapes
import shapes.round.circle as circle
from shapes import square, round as round_package
from shapes.all import *
from shapes.lazy import late
import cycle_a
import renamed
import attributes


def new():
    return [name for name in sys.modules if name not in BEFORE and name.partition(".")[0] in APP]


APP = {"shapes", "cycle_a", "cycle_b", "renamed", "attributes", "importlib_user"}
print("first line", end="; ")
print("second part")
print(new())
import importlib_user

for name in new():
    module = sys.modules[name]
    spec = getattr(module, "__spec__", None)
    print(
        name,
        type(module).__name__,
        getattr(module, "__package__", "none"),
        spec and (spec.name, spec.parent, spec.has_location, getattr(spec, "_initializing", None), spec.submodule_search_locations is not None),
        spec and spec.origin == getattr(module, "__file__", None),
        hasattr(module, "__path__"),
        getattr(module, "__name__", None),
    )
print(circle.area(2), square.area(3), round_package.__name__, late, from_star, cycle_a.B, "hidden" in globals())
print(__name__, __package__, __spec__, __doc__, type(__loader__).__name__, __file__.rpartition("/")[2], __builtins__ is __import__("builtins"))
print(sorted(name for name in globals() if name.startswith("__")))
print(sys.modules["__main__"].new is new, sys.modules["__main__"].__dict__ is globals())
print(attributes.computed, attributes.missing if hasattr(attributes, "missing") else "none", dir(attributes))
print(type(renamed).__name__, renamed.value, "renamed" in sys.modules)
print(isinstance(sys, type(sys)), type(sys) is type(shapes), type(sys).__name__, type(sys).__mro__)
