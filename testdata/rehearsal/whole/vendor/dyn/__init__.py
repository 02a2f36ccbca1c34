"""Imports its own modules by computed names, so it comes whole."""
import importlib
import os


def get(name):
    return importlib.import_module("." + name, __package__).NAME


def listed():
    ends = (".py", ".pyc")
    return sorted({name.partition(".")[0] for name in os.listdir(os.path.dirname(__file__)) if name.endswith(ends)})


def by_level(name):
    return __import__(name, globals(), None, ["NAME"], 1).NAME
