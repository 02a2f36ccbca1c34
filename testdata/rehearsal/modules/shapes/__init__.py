"""Shapes."""
from .square import area as square_area
from . import round
from .lazy import late

__all__ = ["square", "round", "lazy", "all"]
NAMES = [name for name in dir() if not name.startswith("__")]
