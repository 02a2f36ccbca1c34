import os
import sys
import sys as system
from os import name as os_name
from sys import platform, version_info
from typing import TYPE_CHECKING
import typing

WINDOWS = sys.platform.startswith("win")
PY2 = sys.version_info[0] == 2
DEBUG = False

if TYPE_CHECKING:
    import never_1
if typing.TYPE_CHECKING or WINDOWS:
    import never_2
if sys.platform == "win32":
    import never_3
elif sys.platform in ("linux", "darwin"):
    import never_4
else:
    import here_1
if os.name == "nt" or os_name != "posix":
    import never_5
if sys.version_info >= (3, 8) and not PY2:
    import here_2
else:
    import never_6
if (3, 0) <= system.version_info < (3, 13, 99):
    import here_3
if version_info.major < 3 or version_info[:2] < (3, 10):
    import never_7
if "win" in platform or platform.lower().endswith("win"):
    import never_8
if sys.maxsize > 2**32:
    import never_9
if DEBUG:
    import here_4
if WINDOWS and len(sys.argv) > 1:
    import never_10
if len(sys.argv) > 1 or sys.platform == "wasi":
    import here_5
json = __import__("never_11") if os.name == "nt" else __import__("here_6")
if sys.implementation.name == "pypy":
    import never_12
while False:
    import never_13

def windows_only():
    if not WINDOWS:
        return None
    import never_14

def other():
    if sys.platform == "wasi":
        raise NotImplementedError
    import never_15

if __name__ == "__main__":
    import here_7
