"""Modules of loaders that load late, and objects in sys.modules that hear what they are asked for."""
import importlib.util
import sys

log = []


def lazy(name):
    spec = importlib.util.find_spec(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Listening:
    def __getattr__(self, name):
        log.append(name)
        raise AttributeError(name)


class Loud(type(sys)):
    def __getattribute__(self, name):
        if name != "__class__":
            log.append(f"loud {name}")
        return super().__getattribute__(name)


late = lazy("target")
sys.modules["listening"] = Listening()
sys.modules["loud"] = Loud("loud")
import user

before = list(log)
print("stop", before, "loaded" in sys.modules)
print(late.value, log, "loaded" in sys.modules)
print(type(late).__name__, type(sys.modules["loud"]).__mro__[1] is type(sys))
