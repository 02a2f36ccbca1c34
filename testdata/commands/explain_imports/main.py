import importlib.util

from shop import plugins

print("found", plugins.found)
try:
    import plistlib
except ImportError:
    plistlib = None
print(plugins.find("ujson"), plugins.find("_winapi"), plugins.find("color" + "SYS".lower()))
print(importlib.util.find_spec("wav" + plugins.LAST))


def late():
    import bisect

    return bisect.bisect([1, 2], 1)


print(late())
