import sys


class Replacement:
    answer = 42


sys.modules[__name__] = Replacement()
print("replaced", type(sys.modules[__name__]).__name__)
