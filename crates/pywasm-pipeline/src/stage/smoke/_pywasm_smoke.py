"""Imports the modules of etc/smoke, in the place of the program: the build runs this, and no artifact has it.

In:  etc/smoke, one name a line, `?` before those that may fail.
Out: on standard error, in the order of the imports: `\\0NAME` as each begins, `\\1NAME` and the traceback where it
     fails, `\\0` at the end. Exit code 0.
"""
import sys
import _pywasm


def run():
    stderr = sys.stderr
    excepthook = sys.__excepthook__

    def tell(text):
        stderr.write(text + "\n")
        stderr.flush()

    for name in _pywasm._read("/pywasm/etc/smoke").split():
        optional = name.startswith("?")
        name = name.lstrip("?")
        tell("\0" + name)
        try:
            __import__(name)
        except BaseException as error:
            sys.stderr = stderr
            if not optional:
                tell("\1" + name)
                # Without the frame of this file.
                error = error.with_traceback(error.__traceback__.tb_next)
                excepthook(type(error), error, error.__traceback__)
    tell("\0")
    return 0
