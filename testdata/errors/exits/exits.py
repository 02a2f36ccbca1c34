import os
import sys

match sys.argv[1]:
    case "none":
        sys.exit(None)
    case "text":
        sys.exit("the text of an exit")
    case "true":
        raise SystemExit(True)
    case "big":
        sys.exit(300)
    case "negative":
        sys.exit(-1)
    case "_exit":
        print("not flushed, and so not seen", end="")
        os._exit(3)
    case "flushed":
        print("flushed without a line end", end="")
        sys.exit(4)
    case "finally":
        try:
            sys.exit(5)
        finally:
            print("cleaned up")
    case "group":
        raise ExceptionGroup("two", [ValueError(1), TypeError("t")])
    case "chain":
        try:
            1 / 0
        except ZeroDivisionError as error:
            raise RuntimeError("while dividing") from error
    case "note":
        error = ValueError("with a note")
        error.add_note("the note")
        raise error
    case "interrupt":
        raise KeyboardInterrupt
    case "deep":
        def deep(n):
            return deep(n + 1)
        deep(0)
    case "memory":
        bytearray(1 << 40)
    case "syntax":
        eval("1 +")
    case "broken stderr":
        sys.stderr = None
        raise ValueError
    case "assert":
        assert sys.argv == [], "asserts stay"
