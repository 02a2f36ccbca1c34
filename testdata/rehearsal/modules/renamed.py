import sys


class Replacement:
    value = "replaced"
    __name__ = "other"


sys.modules[__name__] = Replacement()
