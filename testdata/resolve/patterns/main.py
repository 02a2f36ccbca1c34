import importlib
import helper
import not_there
def load(name):
    return importlib.import_module("plugins." + name)
