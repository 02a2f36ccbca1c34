"""Some of its recipes."""

import more_itertools as mi

print(list(mi.chunked("abcdefg", 3)), list(mi.windowed(range(5), 3)), mi.first([], "none"))
print(list(mi.split_at("a,b;c", lambda c: c in ",;")), list(mi.collapse([1, [2, (3, [4])]])))
print(mi.bucket("aAbBaC", key=str.lower)["a"].__next__(), list(mi.interleave_longest([1, 2], "abc")))
peek = mi.peekable(range(3))
print(peek.peek(), next(peek), list(peek), bool(peek))
print(mi.one(["only"]), list(mi.unique_everseen("ABBCcAD", key=str.lower)))
print(mi.partition(lambda n: n % 2, range(6))[0].__class__.__name__, list(mi.distinct_permutations("aab")))
print(list(mi.sieve(30)), list(mi.factor(360)), mi.nth_product(8, range(2), range(3), range(2)))
print(list(mi.numeric_range(1, 3, 0.5)), mi.ilen(c for c in "abc"))
try:
    mi.one([1, 2])
except ValueError as error:
    print(error)
