"""An exception in the body of a module that is imported three deep."""
import sys
import warnings

kept = None
try:
    import outer_caught
except ValueError as error:
    kept = error
names = [frame.f_code.co_filename.rpartition("/")[2] for frame in (sys._getframe(),)]
try:
    deep = sys._getframe(1)
except ValueError as error:
    deep = str(error)


def function():
    warnings.warn("from a function", stacklevel=2)
    return sys._getframe(1).f_lineno, sys._getframe(1).f_code.co_name


import told


class Depth:
    frame = sys._getframe(1).f_code.co_name, sys._getframe().f_code.co_name


import traceback

print("begin")
traceback.print_exception(kept)
print(names, deep, function(), Depth.frame)
try:
    raise KeyError("second") from kept
except KeyError:
    traceback.print_exc(file=sys.stdout)
print(kept.__traceback__.tb_frame.f_globals is globals(), kept.__traceback__.tb_lineno)
print("outer_caught" in sys.modules, "inner_caught" in sys.modules)
import outer
