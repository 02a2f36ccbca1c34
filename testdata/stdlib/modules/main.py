"""Imports the modules that standard input names, and prints those that fail, with the error."""
import importlib
import sys
import warnings

warnings.simplefilter("ignore")
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except BaseException as error:
        print(f"{name}: {type(error).__name__}: {error}")
print("done")
