"""One module for each format, with `loads` and `dumps`; found by name at run time."""

import importlib
from types import ModuleType


class UnknownFormat(LookupError):
    """No module of this package has that name."""


def find(name: str) -> ModuleType:
    """The module of a format."""
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise UnknownFormat(name) from error
