"""Finds what the world exports in the program, and checks it.

In:  the program's module, and what the world says of each class and function.
Out: the classes and functions; or a WorldError, which begins with a place in the program where there is one. The rehearsal
     of a build runs this, so it is an error of the build.
"""

_COROUTINE = 0x80
_VARARGS = 0x04


class WorldError(Exception):
    """The program is not what its world says."""


def _place(thing):
    """`/pywasm/app/app.py:7: `, or nothing."""
    code = getattr(thing, "__code__", None)
    if code is not None:
        return f"{code.co_filename}:{code.co_firstlineno}: "
    line = getattr(thing, "__firstlineno__", None)
    if line is None:
        return ""
    import sys

    file = getattr(sys.modules.get(thing.__module__), "__file__", None)
    return f"{file}:{line}: " if file else ""


def _others(owner, kind):
    """What there is instead, for the end of a message."""
    names = [name for name, value in vars(owner).items() if name[0] != "_" and isinstance(value, kind)]
    return f"; it has {', '.join(names[:8])}" if names else ""


def find_class(program, name, protocol, elsewhere):
    """The program's class of that name: in its module, or in the one that componentize-py looks into. The class to derive
    from is not one."""
    found = getattr(program, name, protocol)
    if found is protocol and elsewhere is not None:
        found = getattr(elsewhere(), name, protocol)
    if found is protocol or not isinstance(found, type):
        others = _others(program, type)
        raise WorldError(f"{program.__file__}:1: {program.__name__} has no class {name}, which the world exports{others}")
    return found


def check(owner, name, count, is_async, *, skips=1):
    """Checks a function of a class: it takes so many arguments besides the `skips` first ones."""
    function = getattr(owner, name, None)
    if function is None:
        others = _others(owner, (type(find_class), classmethod, staticmethod))
        raise WorldError(f"{_place(owner)}{owner.__name__} has no {name}, which the world exports{others}")
    inner = getattr(function, "__func__", function)
    code = getattr(inner, "__code__", None)
    # What a decorator made says nothing about itself.
    if code is None or hasattr(inner, "__wrapped__"):
        return
    what = f"{_place(inner)}{owner.__name__}.{name}"
    if isinstance(owner.__dict__.get(name), staticmethod):
        skips = 0
    least = code.co_argcount - len(inner.__defaults__ or ()) - skips
    most = None if code.co_flags & _VARARGS else code.co_argcount - skips
    if count < least or (most is not None and count > most):
        takes = f"{least} argument{'s' * (least != 1)}" if least == most else f"{least} or more arguments" if most is None else f"{least} to {most} arguments"
        raise WorldError(f"{what} takes {takes} besides self, and the world gives {count}")
    needed = code.co_kwonlyargcount - len(inner.__kwdefaults__ or ())
    if needed:
        raise WorldError(f"{what} needs arguments by name, and the world has none")
    if code.co_flags & _COROUTINE and not is_async:
        raise WorldError(f"{what} is async, and the world's is not")


def errors(function, is_async):
    """The function, with its exceptions as errors of its result. A method may be given by its name."""
    from componentize_py_types import Err

    if isinstance(function, str):
        name = function

        def function(self, *arguments):
            return getattr(self, name)(*arguments)

    def describe(error):
        text = str(error)
        return f"{type(error).__name__}: {text}" if text else type(error).__name__

    def call(*arguments):
        try:
            return function(*arguments)
        except Err:
            raise
        except Exception as error:
            raise Err(describe(error)) from error

    async def call_async(*arguments):
        try:
            value = function(*arguments)
            return await value if hasattr(value, "__await__") else value
        except Err:
            raise
        except Exception as error:
            raise Err(describe(error)) from error

    return call_async if is_async else call
