"""Chains, deep gets and sets, groups, strings, curried functions, throttles and predicates."""

import pydash
from pydash import py_

data = {"a": [{"b": {"c": 1}}, {"b": {"c": 2}}], "x.y": 3}
print(pydash.get(data, "a[1].b.c"), pydash.get(data, ["x.y"]), pydash.get(data, "no.where", "default"), pydash.has(data, "a.0.b"), pydash.set_({}, "p[1].q", 5))
print(py_([1, 2, 3, 4]).without(2, 3).reject(lambda x: x > 3).map(lambda x: x * 10).value(), py_.chain([3, 1, 2]).sort().reverse().join("-").value())
people = [{"name": "ann", "age": 30}, {"name": "bob", "age": 25}, {"name": "eve", "age": 30}]
print(pydash.group_by(people, "age"), pydash.key_by(people, "name")["bob"], pydash.order_by(people, ["-age", "name"])[0], pydash.map_(people, "name"), pydash.find(people, {"age": 25}), pydash.count_by(people, "age"), pydash.partition(people, lambda p: p["age"] > 26)[1])
print([function("fooBar baz-qux HTTPServer") for function in (pydash.camel_case, pydash.snake_case, pydash.kebab_case, pydash.start_case, pydash.pascal_case, pydash.title_case, pydash.words)])
print(pydash.chunk(list(range(5)), 2), pydash.flatten_deep([1, [2, [3, [4]]]]), pydash.intersection([1, 2, 3], [2, 3], [3]), pydash.zip_object(["a", "b"], [1, 2]), pydash.difference_by([1.2, 2.3], [2.9], iteratee=round), pydash.interleave([1, 2], [3]))
print(pydash.merge({"a": {"b": 1}}, {"a": {"c": [2]}}), pydash.pick(data, "a[0].b.c"), pydash.omit({"a": 1, "b": 2}, "b"), pydash.invert({"a": 1}), pydash.map_values_deep({"a": {"b": 2}}, lambda v: v * 2), pydash.defaults({"a": 1}, {"a": 2, "b": 3}))
print(pydash.curry(lambda a, b, c: a + b + c)(1)(2)(3), pydash.flow(str, len)(12345), pydash.over_every([bool, lambda x: x > 1])(2), pydash.memoize(lambda n: n)(4), pydash.after(lambda: "called", 2)(), pydash.once(lambda: 5)())
print(pydash.truncate("a long text here", 10), pydash.deburr("déjà"), pydash.escape("<&>"), pydash.pad("x", 5, "-"), pydash.slugify("A b c!"), pydash.mean([1, 2]), pydash.std_deviation([1, 2, 3]), pydash.clamp(7, 1, 5), pydash.is_match({"a": 1, "b": 2}, {"a": 1}), list(pydash.range_(0, 6, 2)), pydash.times(3, lambda i: i))
