"""Caches that forget the least used, the oldest and the expired, keys, and decorated functions and methods."""

import functools

from cachetools import FIFOCache, LFUCache, LRUCache, TLRUCache, TTLCache, cached, cachedmethod, keys
from cachetools.func import lru_cache, ttl_cache

for kind in (FIFOCache, LFUCache, LRUCache):
    cache = kind(maxsize=3)
    for key in "abacada":
        cache[key] = cache.get(key, 0) + 1
    print(kind.__name__, sorted(cache.items()), cache.currsize)
now = 0
ttl = TTLCache(maxsize=10, ttl=5, timer=lambda: now)
ttl["x"] = 1
now = 3
ttl["y"] = 2
now = 6
print(list(ttl), ttl.get("x", "gone"))
sized = LRUCache(maxsize=10, getsizeof=len)
sized["a"], sized["b"] = "12345678", "123"
print(list(sized), sized.currsize)
try:
    sized["big"] = "x" * 11
except ValueError as error:
    print(error)


@cached(cache={}, key=functools.partial(keys.typedkey, "f"))
def square(n):
    print("computing", n)
    return n * n


print(square(3), square(3), square(3.0))


class Reader:
    def __init__(self):
        self.cache = LRUCache(2)

    @cachedmethod(lambda self: self.cache)
    def read(self, name):
        return name.upper()


reader = Reader()
print(reader.read("a"), list(reader.cache), lru_cache(maxsize=2)(len)("abc"), ttl_cache()(abs)(-3))
print(TLRUCache(2, ttu=lambda key, value, time: time + value, timer=lambda: 0), keys.hashkey(1, a=2) == keys.hashkey(1, a=2))
