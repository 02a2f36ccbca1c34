from .star import *
from .star import _kept as hidden_kept

__all__ = ["from_star"]
