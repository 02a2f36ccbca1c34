"""An audit hook hears each import once, although the rehearsal stops in the middle of one."""

import sys

heard = []


def hook(event, arguments):
    if event == "import":
        heard.append(arguments[0])


sys.addaudithook(hook)
import outer

print(outer.VALUE, [name for name in heard if name in ("outer", "inner", "last")], "_pywasm_snapshot" in outer.SEEN)
