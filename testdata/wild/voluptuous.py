"""Schemas for dictionaries with markers, coercions, unions, validators and nested errors."""

from voluptuous import All, Any, Coerce, Date, Email, Exclusive, In, Invalid, Length, Lower, Maybe, MultipleInvalid, Optional, Range, Required, Schema, Strip, Unique, Url, extra, humanize, message

schema = Schema({
    Required("name"): All(str, Strip, Lower, Length(min=2, max=8)),
    Required("count", default=1): All(Coerce(int), Range(min=0, max=9)),
    Optional("tags"): All([str], Unique()),
    "kind": Any("a", "b", None),
    "mail": Email(),
    "site": Maybe(Url()),
    "when": Date(),
    Exclusive("x", "xy"): int,
    Exclusive("y", "xy"): int,
    "nested": {"list": [{"n": In([1, 2])}]},
})
print(schema({"name": " PEN ", "count": "3", "nested": {"list": [{"n": 1}]}}), schema({"name": "ink"}))
for bad in [{}, {"name": "x", "count": "many"}, {"name": "pen", "tags": ["a", "a"], "kind": "c"}, {"name": "pen", "x": 1, "y": 2}, {"name": "pen", "nested": {"list": [{"n": 3}]}, "more": 1}, {"name": "pen", "mail": "no", "site": "bad", "when": "1.1."}, []]:
    try:
        schema(bad)
    except MultipleInvalid as error:
        print(sorted(str(one) for one in error.errors))


@message("is not even", cls=Invalid)
def even(value):
    if value % 2:
        raise ValueError
    return value


print(Schema([even()])([2, 4]), schema.extend({"other": int})({"name": "pen", "other": 1}), Schema({"a": 1, extra: object})({"a": 1, "z": 2}))
try:
    humanize.validate_with_humanized_errors({"list": [1, 3]}, Schema({"list": [even()]}))
except humanize.Error as error:
    print(error)
