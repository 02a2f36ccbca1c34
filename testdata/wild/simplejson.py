"""Dumps and loads with decimals, named tuples, iterators, hooks, sorted and raw values, and errors with places."""

import collections
import decimal
import io

import simplejson as json

Point = collections.namedtuple("Point", "x y")
data = {"d": decimal.Decimal("1.10"), "p": Point(1, 2), "u": "ü\u2028</script>", "n": None, "t": (1, 2), 3: True}
print(json.dumps(data), json.dumps(data, ensure_ascii=False, namedtuple_as_object=False, tuple_as_array=True))
print(json.dumps([3, {"b": 1, "a": [1.5, float("1e100")]}], indent="  ", sort_keys=True, separators=(",", ": ")))
print(json.loads('{"a": 1.10, "b": [1e3, -0]}', use_decimal=True), json.loads('{"k": 1, "k": 2}', object_pairs_hook=list))
print(json.dumps(iter([1, 2]), iterable_as_array=True), json.dumps({"x": {1}}, default=sorted), json.dumps({"h": "<&>"}, for_json=True), json.dumps(2**70, bigint_as_string=True))
print(json.dumps({(1, 2): 1, "k": 2}, skipkeys=True), json.dumps({"r": json.RawJSON('{"raw": 1}')}), json.dumps("<x>", cls=json.encoder.JSONEncoderForHTML))


class Money:
    def for_json(self):
        return {"amount": 5}


print(json.dumps([Money()], for_json=True), json.load(io.StringIO("[NaN, Infinity]"), allow_nan=True), "".join(json.JSONEncoder().iterencode([1, "a"])))
for bad in ['{"a": }', "[1, 2", '"\\x"', "{'a': 1}", "1 2", ""]:
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(error, error.lineno, error.colno)
try:
    json.dumps(float("nan"), allow_nan=False)
except ValueError as error:
    print(error)
