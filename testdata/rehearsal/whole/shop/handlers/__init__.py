"""Imports each module in its folder."""
import glob
import os

__all__ = [os.path.basename(file)[:-3] for file in glob.glob(os.path.join(os.path.dirname(__file__), "*.py")) if "__init__" not in file]


def known():
    from shop.handlers import base, one, two  # noqa: F401
    return [*base.Base.__subclasses__(), *(type(name, (), {}) for name in __all__)]
