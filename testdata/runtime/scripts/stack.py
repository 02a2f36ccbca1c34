# The app's frame is the outermost one.
import sys, traceback, inspect
def f():
    traceback.print_stack(file=sys.stdout)
    print(len(inspect.stack()), sys._getframe(1).f_back)
f()
