"""Validates, lists errors, resolves references, checks formats."""

import jsonschema
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker, RefResolver

schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["name", "tags"],
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}, "uniqueItems": True},
        "since": {"type": "string", "format": "date"},
    },
    "additionalProperties": False,
    "$defs": {"tag": {"enum": ["red", "green"]}},
}
Draft202012Validator.check_schema(schema)
jsonschema.validate({"name": "Ada", "tags": ["red"]}, schema)

bad = {"name": "A", "age": -1, "tags": ["red", "red", "blue"], "since": "1815-13-10", "x": 1}
validator = Draft202012Validator(schema, format_checker=FormatChecker())
for error in sorted(validator.iter_errors(bad), key=lambda error: (list(map(str, error.path)), error.message)):
    print(error.json_path, "|", error.message, "|", "/".join(map(str, error.schema_path)))

try:
    jsonschema.validate([], {"type": "string"})
except jsonschema.ValidationError as error:
    print(error)
try:
    Draft7Validator.check_schema({"type": "nonsense"})
except jsonschema.SchemaError as error:
    print(error.message)

store = {"urn:size": {"type": "integer", "maximum": 3}}
resolver = RefResolver("", {}, store=store)
print(Draft7Validator({"$ref": "urn:size"}, resolver=resolver).is_valid(4))
