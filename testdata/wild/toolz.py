"""Curried functions, pipes, groups, merges of nested data, memoization and streams."""

import operator

import toolz
from toolz import compose, curry, dicttoolz, functoolz, itertoolz, pipe
from toolz.curried import filter, get, groupby, map, reduce
from toolz.sandbox import EqualityHashKey

add = curry(operator.add)
print(pipe(range(6), filter(lambda x: x % 2), map(add(10)), list), compose(str, len)("abc"), functoolz.juxt(min, max)([3, 1]))
people = [{"name": "ann", "age": 30}, {"name": "bob", "age": 25}, {"name": "al", "age": 30}]
print(groupby("age", people), toolz.countby(len, ["a", "bb", "c"]), pipe(people, map(get("name")), sorted))
print(dicttoolz.update_in({"a": {"b": 1}}, ["a", "b"], add(1)), dicttoolz.get_in(["x", 0], {"x": [7]}), dicttoolz.merge_with(sum, {"a": 1}, {"a": 2, "b": 3}))
print(dicttoolz.valmap(str, {"a": 1}), dicttoolz.itemfilter(lambda i: i[1] > 1, {"a": 1, "b": 2}), dicttoolz.assoc_in({}, ["a", "b"], 1), dicttoolz.dissoc({"a": 1, "b": 2}, "a"))
print(list(itertoolz.partition_all(2, range(5))), list(itertoolz.sliding_window(2, "abc")), list(itertoolz.interpose(0, [1, 2])), itertoolz.frequencies("abca"))
print(list(toolz.join(lambda x: x[0], [(1, "a"), (2, "b")], lambda x: x[0], [(1, "x"), (1, "y")])), list(toolz.topk(2, [3, 1, 4])), toolz.reduceby(lambda x: x % 2, operator.add, range(5), 0))


@toolz.memoize(key=lambda args, kwargs: args[0] % 3)
def slow(n):
    print("slow", n)
    return n


print(slow(1), slow(4), functoolz.complement(bool)(0), functoolz.thread_last([1, 2], (map, add(1)), list), reduce(operator.mul, [1, 2, 3]))
print(functoolz.excepts(ZeroDivisionError, lambda x: 1 // x, lambda e: "inf")(0), EqualityHashKey(None, [1]) == EqualityHashKey(None, [1]), list(itertoolz.accumulate(operator.add, [1, 2, 3])))
print(add, curry(lambda a, b, c: a + b + c)(1)(2, 3), toolz.peek([9, 8])[0], list(toolz.concatv([1], [2, 3])), toolz.diff([1, 2], [1, 3]).__class__.__name__)
