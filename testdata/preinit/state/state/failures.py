"""Tracebacks, warnings and exit codes of functions that were imported before the start."""
import atexit
import inspect
import os
import sys
import traceback
import warnings


class Own(Exception):
    pass


def deeper(value):
    return 1 / value


def raises():
    try:
        deeper(0)
    except ZeroDivisionError as error:
        raise Own("own", error.args) from error


def old():
    warnings.warn("it is old", DeprecationWarning, stacklevel=1)
    warnings.warn("be careful")


def check_uncaught():
    print("before")
    raises()


def check_caught():
    try:
        raises()
    except Own as error:
        frames = traceback.extract_tb(error.__traceback__)
        print([(os.path.basename(frame.filename), frame.lineno, frame.name) for frame in frames])
        print([frame.lineno for frame in traceback.extract_tb(error.__cause__.__traceback__)])
    frame = inspect.currentframe()
    print(os.path.basename(frame.f_code.co_filename), frame.f_lineno, frame.f_globals is globals())
    print(inspect.signature(deeper), inspect.getmodule(deeper).__name__, raises.__module__)


def check_warnings():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        old()
    print([(str(item.message), item.lineno, item.category.__name__) for item in caught])
    old()
    old()


def check_exit_none():
    sys.exit()


def check_exit_3():
    sys.exit(3)


def check_exit_text():
    sys.exit("a text")


def check_exit_true():
    return True


def check_exit_group():
    raise ExceptionGroup("two", [Own(1), ValueError(2)])


def check_exit_in_atexit():
    def late():
        print("late")
        sys.exit(9)

    atexit.register(print, "last")
    atexit.register(late)


def check_raise_in_atexit():
    def late():
        raise Own("late")

    atexit.register(print, "last")
    atexit.register(late)


def check_exit_at_once():
    print("not seen", end="")
    os._exit(4)


def check_interrupt():
    raise KeyboardInterrupt


def check_excepthook():
    sys.excepthook = lambda kind, value, trace: print("hook", kind.__name__, value)
    raises()


def check_unraisable():
    class Bad:
        def __del__(self):
            raise Own("in del")

    sys.unraisablehook = lambda args: print("unraisable", args.exc_value)
    Bad()


def check_recursion():
    def deep(number):
        return deep(number + 1)

    try:
        deep(0)
    except RecursionError as error:
        print(error)
    sys.setrecursionlimit(200)
    try:
        deep(0)
    except RecursionError as error:
        print(error, sys.getrecursionlimit())
    sys.setrecursionlimit(1000)
    print(len(repr([[[[1]]]])))
