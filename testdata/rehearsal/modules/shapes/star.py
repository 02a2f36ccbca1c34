__all__ = ["from_star", "_kept", "sub"]
from_star = "from star"
_kept = "kept"
hidden = "hidden"
from . import square as sub
