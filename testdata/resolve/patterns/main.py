import importlib
import helper
import not_there
from nowhere.inside import part
def load(name):
    return importlib.import_module("plugins." + name)
