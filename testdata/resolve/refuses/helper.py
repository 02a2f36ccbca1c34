import sys
if sys.platform == "wasi":
    raise ImportError("threads are needed")
