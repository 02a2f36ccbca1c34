# Docstrings of what is written in C: functions, types, methods, slots, attributes, modules.
import builtins
import collections
import datetime
import inspect
import io
import json
import math
import os
import pydoc
import sys
import itertools

print(len.__doc__)
print(str.split.__doc__)
print([].append.__doc__)
print(math.__doc__, "|", math.sin.__doc__)
print(inspect.getdoc(math.sin))
print(int.__doc__[:60], int.real.__doc__, int.__add__.__doc__, (1).__add__.__doc__, int.from_bytes.__doc__[:50])
print(dict.fromkeys.__doc__, str.maketrans.__doc__[:40], list.__new__.__doc__)
print([].__doc__, {}.__doc__[:30], object.__doc__, type.__doc__)
print(builtins.__doc__[:60], sys.__doc__[:60], sys.flags.__doc__, os.getpid.__doc__, os.getuid.__doc__)
print(ValueError.__doc__, OSError.errno.__doc__, OSError.__init__.__doc__)
print(collections.deque.__doc__, collections.deque.rotate.__doc__, itertools.chain.__doc__)
print(datetime.date.__doc__, datetime.date.isoformat.__doc__, datetime.date.year.__doc__)
print(io.StringIO.__doc__[:50], io.BytesIO.getvalue.__doc__)
print(json.JSONEncoder.__doc__[:60], json.scanner.c_make_scanner.__doc__)
print(range(3).start.__doc__[:20], range.start.__doc__, slice.__doc__, type(iter([])).__doc__)
print(os.stat_result.__doc__, os.stat_result.st_mode.__doc__)


class Own(list):
    pass


print(Own.__doc__, Own().__doc__, Own.append.__doc__, inspect.getdoc(Own)[:40])
help(len)
print(pydoc.render_doc(math.sin, renderer=pydoc.plaintext))
help(abs)
import zlib
print(zlib.__doc__, zlib.crc32.__doc__)
import select
print(select.epoll.__doc__, select.poll.__doc__)
