import atexit
import sys

own = open(1, "w", closefd=False, encoding="utf-8")
binary = open(1, "wb", buffering=0, closefd=False)
sys.stdin.close()
own.write("written before, ")
sys.stdout.close()
atexit.register(own.write, "written at the exit\n")
binary.write(b"first\n")
own.write("written after\n")
own.flush()
print("to a closed file") if not sys.stdout.closed else own.write("closed\n")
