"""A package."""
from .core import base
from . import plugins
from .plugins import one as first_plugin

__all__ = ["exported", "core"]
exported = "exported"
counter = 0


def __getattr__(name):
    global counter
    if name == "lazy_value":
        from .deep import value

        counter += 1
        return value
    raise AttributeError(name)
