"""Relies on variables and a stream that are otherwise in some runs."""
import os, sys, gc, weakref, json, random, logging
pre = [object() for _ in range(1000)]
class D:
    def __del__(self): log.append("D")
log = []
early = weakref.ref(D())
v = os.environ.get("AAA")
big = {i: str(i) for i in range(20000)}
import json.tool, decimal, dataclasses
@dataclasses.dataclass
class P:
    x: int = 1
cycles = []
for i in range(500):
    a = []; a.append(a); cycles.append(a)
w = os.environ.get("BBB", "none")
os.environ["OWN"] = "1"
def gen():
    for i in range(10): yield i
it = gen(); next(it)
import sub
z = sys.stdout.isatty()
print(v, w, len(big), P(), len(cycles), next(it), log, z, sub.q, os.environ.get("OWN"))
big.update({i: i for i in range(30000)})
del cycles
gc.collect()
print(len(big), sum(map(len, map(str, big.values()))), random.random() != random.random())
more = [bytearray(100000) for _ in range(100)]
print(sum(map(len, more)))
