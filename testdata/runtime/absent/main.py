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
    assert pool.submit(int, "7").result() == 7
refuses(NotImplementedError, "WASI has no processes", concurrent.futures.ProcessPoolExecutor)
assert threading.active_count() == 1
refuses(OSError, "wasi does not support processes", subprocess.run, ["true"])
refuses(ImportError, "not on WASI", __import__, "tkinter")
refuses(ImportError, "not on WASI", __import__, "winreg")
refuses(OSError, "Function not implemented", __import__("os").fork)
local = threading.local()
local.value = 1
with threading.Lock(), threading.RLock(), threading.Condition():
    pass
assert threading.Event().wait(0.01) is False
print("ok", sys.platform)
