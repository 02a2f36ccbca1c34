"""Stops inside of a module, whose objects die later."""
import gc
import sys
import weakref

import own


class Node:
    def __del__(self):
        print("node")


node = Node()
module = weakref.ref(own)
print(own.reference() is None)
own.release()
gc.collect()
print(own.log, own.reference() is None)
del sys.modules["own"], own
gc.collect()
print("end", module() is None)
