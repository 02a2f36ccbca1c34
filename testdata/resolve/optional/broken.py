import sys
if sys.platform != "linux":
    raise ImportError("only on Linux")
