"""What lives and dies: cycles, weak references, finalizers, generators."""
import gc
import sys
import weakref

import own
import package

log = []


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        log.append(f"del {self.name}")


cycle = weakref.ref(Node("cycle"), lambda reference: log.append("cycle is gone"))
kept = Node("kept")
values = weakref.WeakValueDictionary(kept=kept, lost=Node("lost"))
keys = weakref.WeakKeyDictionary({kept: 1, Node("key"): 2})
proxy = weakref.proxy(kept)
finalize = weakref.finalize(kept, log.append, "finalized")
members = weakref.WeakSet([kept, Node("member")])
method = weakref.WeakMethod(kept.__init__)


def suspended(name):
    try:
        yield name
        yield name
    finally:
        log.append(f"closed {name}") if name != "last" else print("closed at the end")


first, second, last = suspended("first"), suspended("second"), suspended("last")
next(first), next(second), next(last)


class Temporary:
    pass


class Loop:
    pass


Loop.itself = Loop()
temporary = weakref.ref(Temporary)
loop = weakref.ref(Loop)
del Temporary, Loop
gc.callbacks.append(lambda phase, info: log.append(phase) if info["generation"] == 2 else None)
gc.disable()
gc.set_threshold(300, 5, 5)
module_reference = weakref.ref(own)
print("stop", log)
collected = gc.collect()
print(collected > 0, sorted(log), cycle() is None, list(values), len(keys), len(members), proxy.name, method() is not None)
print(temporary() is None, loop() is None, gc.isenabled(), gc.get_threshold(), gc.garbage)
log.clear()
del first
second.close()
del kept
gc.collect()
print(log, finalize.alive, len(values), len(members))
print(own.reference() is None, own.dead() is None, package.dead() is None)
own.release()
package.release()
gc.collect()
print(own.log, package.log, own.reference() is None)
print(sys.getrefcount(own.fresh), gc.is_tracked(own.fresh), len(gc.get_referrers(own.Kept)) > 0)
del sys.modules["own"], own
gc.collect()
print(module_reference() is None)
sys.modules.pop("package")
gc.callbacks.clear()
print("end")
