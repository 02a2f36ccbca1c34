"""Imports what its caller names."""
import importlib


def optional(name):
    return attempt(name)


def attempt(wanted):
    try:
        return importlib.import_module(wanted)
    except ImportError:
        return None
