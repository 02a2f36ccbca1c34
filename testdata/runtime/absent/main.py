"""What WASI preview 1 has not: CPython's own exception types, and words that say why."""
import concurrent.futures
import subprocess
import sys
import threading


def refuses(kind, text, call, *arguments):
    try:
        call(*arguments)
    except kind as error:
        assert text in str(error), error
        print(f"{type(error).__name__}: {error}")
    else:
        raise AssertionError(text)


refuses(RuntimeError, "WASI has no threads", threading.Thread(target=print).start)
refuses(RuntimeError, "WASI has no threads", threading.Timer(0, print).start)
with concurrent.futures.ThreadPoolExecutor() as pool:
    refuses(RuntimeError, "WASI has no threads", pool.submit, print)
assert threading.active_count() == 1
refuses(OSError, "wasi does not support processes", subprocess.run, ["true"])
refuses(ImportError, "not on WASI", __import__, "ssl")
refuses(ImportError, "not on WASI", __import__, "ctypes")
refuses(ImportError, "not on WASI", __import__, "fcntl")
refuses(ImportError, "not on WASI", __import__, "mmap")
assert not hasattr(__import__("os"), "fork")
local = threading.local()
local.value = 1
with threading.Lock(), threading.RLock(), threading.Condition():
    pass
assert threading.Event().wait(0.01) is False
print("ok", sys.platform)
