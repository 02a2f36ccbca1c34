"""Validates nested data with optional keys, alternatives, conversions, conditions and a JSON schema."""

from schema import And, Const, Forbidden, Hook, Literal, Optional, Or, Regex, Schema, SchemaError, Use

person = Schema({
    "name": And(str, len, Use(str.title), error="a name is needed"),
    "age": And(Use(int), lambda n: 18 <= n <= 99),
    Optional("kind", default="a"): Or("a", "b", None),
    Optional("tags"): [str],
    Optional("nested"): {str: Or(int, {"deep": Schema([float])})},
    Optional(Regex(r"^x_")): object,
    Forbidden("secret"): object,
})
print(person.validate({"name": "ann", "age": "30", "tags": ["a"], "nested": {"k": 1, "m": {"deep": [1.5]}}, "x_1": None}))
print(person.is_valid({"name": "", "age": 20}), Schema([And(Use(int), Const(Use(lambda v: v + 1)))]).validate(["1", 2]), Schema((int, str)).validate((1, "a")), Schema(Use(str.split)).validate("a b"))
for bad in [{"name": "x"}, {"name": "", "age": 20}, {"name": "x", "age": "y"}, {"name": "x", "age": 20, "more": 1}, {"name": "x", "age": 20, "tags": [1]}, {"name": "x", "age": 20, "secret": 1}, {"name": "x", "age": 20, "kind": "c"}, "text"]:
    try:
        person.validate(bad)
    except SchemaError as error:
        print(type(error).__name__, str(error).splitlines())
print(Schema({"a": 1}, ignore_extra_keys=True).validate({"a": 1, "b": 2}), Schema(dict).validate({}), Schema({Or("x", "y", only_one=True): int}).is_valid({"x": 1, "y": 2}))
print(Schema({Literal("n", description="a number"): int, Optional("s", default="d"): Or(str, None)}, name="doc").json_schema("http://x"))
log = []
Schema({Hook("old", handler=lambda key, value, error: log.append(key)): object, Optional("old"): int}).validate({"old": 1})
print(log)
