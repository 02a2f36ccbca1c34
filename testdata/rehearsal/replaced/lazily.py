import sys
import types


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return f"made for {name}"


sys.modules[__name__] = module = Module(__name__)
module.__dict__.update(__spec__=__spec__, __file__=__file__)
print("lazily", sys.modules[__name__] is module)
