"""Sorted lists, sets and dictionaries with keys, ranges, indexes and views."""

from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet

numbers = SortedList([5, 1, 4, 1])
numbers.update([3, 9, 2])
numbers.add(4)
print(numbers, numbers.bisect_left(4), numbers.count(1), list(numbers.irange(2, 4, inclusive=(False, True))), numbers[-2:], numbers.index(9))
numbers.discard(100)
del numbers[0]
print(numbers.pop(), numbers + [0], numbers * 2 == SortedList(list(numbers) * 2), 4 in numbers)
words = SortedKeyList(["pear", "fig", "banana"], key=len)
words.add("kiwi")
print(words, list(words.irange_key(4, 5)), words.bisect_key(4), words.key("ab"))
table = SortedDict({"b": 2, "a": 1, "c": 3})
print(table, table.peekitem(0), table.popitem(), list(table.irange("a", "b")), table.setdefault("z", 26), table.keys()[1], table.values().index(1))
reverse = SortedDict(lambda key: -key, {1: "x", 2: "y"})
print(list(reverse.items()), reverse.bisect(1), reverse.index(2))
left, right = SortedSet([3, 1, 2]), SortedSet([2, 3, 4])
print(left & right, left | right, left ^ right, left - right, left[0], left.isdisjoint([9]), left <= SortedSet(range(5)))
try:
    numbers.append(1)
except Exception as error:
    print(type(error).__name__, error)
try:
    SortedList([1, "a"])
except TypeError as error:
    print(error)
big = SortedList(range(5000))
big._reset(50)
print(len(big), big[2500], sum(big[::500]), big._check())
