"""A function in the place of __import__, which hears what the program imports and nothing else."""
import builtins

heard = []
original = builtins.__import__


def listening(name, globals=None, locals=None, fromlist=(), level=0):
    if globals is not None and globals.get("__name__") in ("__main__", "imported", "package", None):
        heard.append((name, fromlist, level))
    return original(name, globals, locals, fromlist, level)


builtins.__import__ = listening
import imported
from package import *
import logging
import multiprocessing.process
import wsgiref.handlers

count = len(heard)
print("stop", heard)
heard.clear()
from package import *
import imported

print(heard, count)
builtins.__import__ = original
