"""Schemas of documents with rules, normalization, types and rules of its own, registries and errors."""

import datetime

from cerberus import SchemaError, TypeDefinition, Validator, schema_registry


class Ours(Validator):
    types_mapping = {**Validator.types_mapping, "pair": TypeDefinition("pair", (tuple,), ())}

    def _validate_odd(self, odd, field, value):
        """{'type': 'boolean'}"""
        if odd and not value % 2:
            self._error(field, "must be odd")

    def _normalize_coerce_lower(self, value):
        return value.lower()

    def _check_with_short(self, field, value):
        if len(value) > 3:
            self._error(field, "too long")


schema_registry.add("part", {"n": {"type": "integer", "odd": True}})
v = Ours({
    "name": {"type": "string", "required": True, "coerce": "lower", "regex": "[a-z]+", "check_with": "short"},
    "age": {"type": ["integer", "float"], "min": 0, "max": 150, "default": 3, "nullable": True},
    "kind": {"allowed": ["a", "b"], "dependencies": {"name": ["pen"]}},
    "parts": {"type": "list", "schema": {"type": "dict", "schema": "part"}, "maxlength": 2},
    "either": {"anyof": [{"type": "integer"}, {"type": "string", "minlength": 2}], "excludes": "age2"},
    "map": {"type": "dict", "keysrules": {"regex": "k.*"}, "valuesrules": {"type": "integer"}},
    "when": {"type": "date"}, "pair": {"type": "pair"}, "old": {"rename": "fresh"}, "fresh": {},
}, purge_unknown=False)
print(v.validate({"name": "PEN", "kind": "a", "parts": [{"n": 1}], "when": datetime.date(2026, 1, 1), "pair": (1,), "old": 5}), v.document)
for bad in [{}, {"name": "longer", "age": "x"}, {"name": "ink", "kind": "a", "parts": [{"n": 2}, {"n": "z"}, {}]}, {"name": "pen", "either": "x", "map": {"z": "y"}, "more": 1, "age": 200}]:
    print(v.validate(bad), v.errors)
print(v.normalized({"name": "ABC"}), Validator({"a": {"type": "integer"}}, allow_unknown={"type": "string"}).validate({"a": 1, "b": "s"}))
try:
    Validator({"a": {"type": "nonsense"}})
except SchemaError as error:
    print(error)
