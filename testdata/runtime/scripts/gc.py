# Cycles are collected, also where the collector begins with what C code made.
import functools, gc, itertools, operator, weakref
class A: pass
a=A(); a.a=a; del a
print(gc.collect() > 0)
def cycle(make):
    # The collector knows a dict only once it holds such an object: so what is made comes first.
    held = {}
    held["made"] = make(held)
    held["a"] = A()
    dead = weakref.ref(held["a"])
    del held
    gc.collect()
    return dead() is None
print(cycle(lambda held: operator.methodcaller("name", held, key=held)), cycle(lambda held: operator.itemgetter(0, (held,))))
print(cycle(lambda held: functools.partial(len, held)), cycle(lambda held: itertools.chain(held, [held])), cycle(lambda held: map(str, [held])), cycle(lambda held: (held,)), cycle(lambda held: zip([held])))
