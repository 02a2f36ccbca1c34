import sys

done = []
try:
    sys.exit(7)
finally:
    done.append("finally")
    sys.modules["__main__"].done = done
