# /// script
# dependencies = ["jsonschema<4.18"]
# ///
"""Validates against several drafts with references, formats, a tree of errors and own checks."""

import jsonschema
from jsonschema import Draft7Validator, Draft202012Validator, ErrorTree, FormatChecker, validators

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"positive": {"type": "integer", "exclusiveMinimum": 0}},
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
        "count": {"$ref": "#/$defs/positive"},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1},
        "kind": {"enum": ["a", "b", None]},
        "choice": {"oneOf": [{"type": "number"}, {"type": "boolean"}]},
        "mail": {"format": "email"},
    },
    "required": ["name"],
    "additionalProperties": False,
    "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
    "then": {"required": ["count"]},
}
validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
for value in [{"name": "pen", "count": 3}, {"name": "PEN", "count": 0, "x": 1}, {"tags": ["a", "a", 3], "kind": "a"}, {"name": "p", "choice": "s", "mail": "no"}]:
    print([(error.json_path, error.validator, error.message) for error in sorted(validator.iter_errors(value), key=str)])
tree = ErrorTree(validator.iter_errors({"name": "toolong1", "tags": []}))
print(sorted(tree.errors), "name" in tree, tree["tags"].errors.keys(), tree.total_errors)
best = jsonschema.exceptions.best_match(validator.iter_errors({"name": 1, "count": "x"}))
print(best.message, list(best.absolute_path), list(best.schema_path))
Even = validators.extend(Draft7Validator, {"even": lambda v, even, value, s: [jsonschema.ValidationError(f"{value} is odd")] if value % 2 else []})
print(Even({"even": True}).is_valid(4), [error.message for error in Even({"even": True}).iter_errors(3)])
try:
    jsonschema.validate([], {"type": "nonsense"})
except jsonschema.SchemaError as error:
    print(error.message)
print(jsonschema.validators.validator_for({"$schema": "http://json-schema.org/draft-04/schema#"}).__name__)
