# Cycles are collected.
import gc
class A: pass
a=A(); a.a=a; del a
print(gc.collect() > 0)
