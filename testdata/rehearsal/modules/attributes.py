import sys
import types


class Module(types.ModuleType):
    @property
    def computed(self):
        return "computed"

    def __dir__(self):
        return ["computed"]


sys.modules[__name__].__class__ = Module
