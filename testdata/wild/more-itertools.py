"""Chunks, windows, groups, merges, peeks, partitions and recipes."""

import more_itertools as mi

print(list(mi.chunked(range(7), 3)), list(mi.windowed([1, 2, 3, 4], 2)), list(mi.sliding_window("abcd", 3)))
print(list(mi.collapse([1, [2, [3, "ab"]], (4,)])), list(mi.interleave_longest([1, 2], "abc")), mi.first([], default="none"))
stream = mi.peekable(iter("xyz"))
print(stream.peek(), next(stream), stream[0:2], bool(stream))
print([list(part) for part in mi.partition(lambda x: x % 2, range(6))], list(mi.split_at("one,two", lambda c: c == ",")))
print(mi.map_reduce(["apple", "bee", "ant"], keyfunc=lambda w: w[0], valuefunc=len, reducefunc=sum), list(mi.unique_everseen("AbaB", key=str.lower)))
print(mi.bucket(["a1", "b1", "a2"], key=lambda s: s[0])["a"].__class__.__name__, list(mi.consecutive_groups([1, 2, 4]))[0].__class__.__name__)
print(list(mi.distinct_permutations([1, 1, 2])), list(mi.set_partitions("abc", 2)), mi.nth_combination(range(5), 3, 5))
print([list(g) for g in mi.divide(3, range(7))], list(mi.stagger([1, 2, 3])), list(mi.run_length.encode("aabbb")), mi.ilen(iter("abc")))
print(list(mi.roundrobin("ABC", "D")), mi.dotproduct([1, 2], [3, 4]), list(mi.sieve(20)), mi.factor and list(mi.factor(84)))
print(list(mi.zip_offset([1, 2, 3], "abc", offsets=(0, 1))), list(mi.pairwise([1, 2, 3])), mi.minmax([3, 1, 2]), list(mi.numeric_range(0, 1, 0.25)))
for attempt in (lambda: mi.one([1, 2]), lambda: mi.only("ab"), lambda: list(mi.strictly_n([1], 2))):
    try:
        attempt()
    except ValueError as error:
        print(error)
