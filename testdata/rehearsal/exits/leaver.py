import os
import sys

way = os.environ.get("WAY", "exit")
if way == "exit":
    sys.exit(3)
elif way == "text":
    sys.exit("a text")
elif way == "none":
    sys.exit()
elif way == "raise":
    raise RuntimeError("left")
elif way == "interrupt":
    raise KeyboardInterrupt
elif way == "caught":
    raise KeyError("left")
elif way == "base":
    raise BaseException("bare")
elif way == "group":
    raise ExceptionGroup("some", [ValueError(1), TypeError(2)])
elif way == "syntax":
    compile("a b", "made.py", "exec")
elif way == "print":
    print("leaver")
    sys.exit(4)
elif way == "big":
    sys.exit(256 + 7)
elif way == "object":
    sys.exit(["a", "list"])
