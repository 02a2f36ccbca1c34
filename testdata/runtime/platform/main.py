"""Prints what Python on WASI says about the platform."""
import os
import platform
import sys
import sysconfig

print("sys.platform", sys.platform)
print("os.name", os.name)
print("platform.system()", platform.system())
print("platform.machine()", platform.machine())
print("platform.release()", platform.release())
print("platform.version()", platform.version())
print("sysconfig.get_platform()", sysconfig.get_platform())
