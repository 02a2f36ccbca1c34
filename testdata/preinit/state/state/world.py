"""What the interpreter says of itself."""
import builtins
import gc
import locale
import os
import platform
import sys
import sysconfig
import time

builtins.added_at_import = "added"
sys.added_at_import = "added"
sys.setrecursionlimit(900)
sys.setrecursionlimit(1000)


def check_interpreter():
    print(sys.version_info[:3], sys.implementation.name, sys.byteorder, sys.getrecursionlimit(), sys.maxunicode)
    print(sys.flags.optimize, sys.flags.dev_mode, sys.warnoptions, sys.getdefaultencoding())
    print(added_at_import, sys.added_at_import, sys.getfilesystemencoding(), sys.getswitchinterval())
    print(platform.python_version(), platform.python_implementation(), os.name, os.sep, os.linesep == "\n")
    print(sys.getprofile(), sys.gettrace(), sys.displayhook is sys.__displayhook__, sys.excepthook is sys.__excepthook__)
    print(sysconfig.get_python_version(), locale.getlocale()[0] in (None, "C", "en_US"), gc.isenabled(), time.strftime("%Y", time.gmtime(0)))
    print(len(sys.argv) >= 2, hasattr(sys, "last_exc"), sys.exc_info(), sys.getrefcount(object()) > 0)
    exec("x: int = 1\nprint(x, __annotations__)", {})
    print(sys.intern("some text") is sys.intern("some " + "text"), (lambda: 1).__module__, type(sys.stdout).__module__)


def check_monkeypatched():
    builtins.print("patched", builtins.added_at_import)
    time.sleep(0.001)
    sys.stdout.write(f"{compile('1+1', 'file', 'eval').co_filename}\n")
