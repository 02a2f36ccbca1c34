"""Searches in JSON with projections, filters, functions, pipes, functions of its own and errors."""

import jmespath
from jmespath import exceptions, functions

DATA = {"people": [{"name": "ann", "age": 30, "tags": ["a", "b"]}, {"name": "bob", "age": 25, "tags": []}, {"name": "eve", "age": 41}], "meta": {"k-1": {"x": [1, [2, 3]]}}}
for expression in [
    "people[*].name", "people[?age > `26`].{n: name, t: tags[0]}", "meta.\"k-1\".x[]", "sort_by(people, &age)[-1].name", "length(people)",
    "people[0:2].age | sum(@)", "max_by(people, &age).name", "people[].tags[] | join('-', @)", "not_null(missing, 'default')", "people[?contains(name, 'b')] | [0]",
    "keys(meta)", "to_string(people[1])", "people[?tags && age < `100`].name", "map(&upper || name, people)", "avg(people[].age)", "reverse(people[*].name)", "meta.*.x", "@.people[?name == 'eve' || !(age > `26`)].age",
]:
    print(expression, jmespath.search(expression, DATA))


class Ours(functions.Functions):
    @functions.signature({"types": ["string"]}, {"types": ["number"]})
    def _func_repeat(self, text, count):
        return text * count


print(jmespath.search("people[*].repeat(name, `2`)", DATA, jmespath.Options(custom_functions=Ours())))
compiled = jmespath.compile("a.b[?c]")
print(compiled.search({"a": {"b": [{"c": 1}]}}), compiled.parsed["type"])
for bad in ["a[", "foo(", "unknown(@)", "length(`1`)", "a b"]:
    try:
        jmespath.search(bad, DATA)
    except exceptions.JMESPathError as error:
        print(type(error).__name__, str(error).splitlines()[0])
