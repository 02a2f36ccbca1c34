"""Makes the attributes of other packages."""
import importlib


def attach(package, submodules, attributes):
    places = {name: module for module, names in attributes.items() for name in names}

    def __getattr__(name):
        if name in submodules:
            return importlib.import_module(f"{package}.{name}")
        if name in places:
            return getattr(importlib.import_module(f"{package}.{places[name]}"), name)
        raise AttributeError(name)

    names = [*submodules, *places]
    return __getattr__, lambda: names, names
