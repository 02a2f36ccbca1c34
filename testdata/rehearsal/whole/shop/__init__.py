"""Some of its parts are named by strings only."""
import importlib

import lazyparts

from . import handlers

__getattr__, __dir__, __all__ = lazyparts.attach(__name__, ["extra"], {"sums": ["area"]})
PATHS = {"csv": "shop.tables.csv", "xml": "shop.tables:xml"}


def write(name):
    return importlib.import_module(f"{__name__}.formats.{name}").write()


def by_path(key):
    module, _, name = PATHS[key].replace(":", ".").rpartition(".")
    return getattr(importlib.import_module(module), name)
