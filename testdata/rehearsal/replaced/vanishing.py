import sys

del sys.modules[__name__]
print("vanishing")
