import importlib
import pkgutil

REGISTRY = {}
for finder, name, is_package in sorted(pkgutil.iter_modules(__path__), key=lambda found: found[1]):
    importlib.import_module(f"{__name__}.{name}")
