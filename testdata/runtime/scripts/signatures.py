"""Signatures of what is built in, which the interpreter itself does not have in an artifact."""
import inspect
import math
import os
import re

for thing in (len, print, sorted, isinstance, [].append, {}.get, dict.fromkeys, str.split, bytes.decode, complex, list,
              float.fromhex, math.gcd, math.isclose, os.listdir, os.fsdecode, open, sum, compile, str.join, object):
    try:
        print(getattr(thing, "__qualname__", thing.__class__.__name__), inspect.signature(thing))
    except (TypeError, ValueError) as error:
        print(type(error).__name__)
print(inspect.getfullargspec(sorted), inspect.signature(print).parameters["sep"].default)

# Slots have theirs from the interpreter, other special methods from their classes.
for thing in (dict.__init__, list.__init__, object.__init__, [].__len__, int.__add__, object.__repr__, type.__call__, dict.__getitem__,
              list.__reversed__, dict.__contains__, object.__format__, int.__format__, str.__mod__, Exception.__init__,
              re.Pattern.sub, re.compile("").split, re.Match.span, re.match("", "").expand, os.kill,
              object.__new__, object.__reduce_ex__, property.__get__, float.__round__, dict.__class_getitem__, "".__eq__):
    try:
        print(thing.__qualname__, inspect.signature(thing))
    except (TypeError, ValueError) as error:
        print(thing.__qualname__, type(error).__name__)


class Plain(dict):
    pass


print(inspect.signature(Plain.__init__), inspect.signature(Plain.__init__).parameters["args"].kind.name)
