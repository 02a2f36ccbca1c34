"""Schemas with nesting, validation, hooks, methods, dates and unknown fields."""

import datetime as dt

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates, validates_schema


class Address(Schema):
    city = fields.Str(required=True)
    code = fields.Int(strict=False)


class Person(Schema):
    class Meta:
        unknown = EXCLUDE

    name = fields.Str(required=True, validate=validate.Length(2, 10))
    email = fields.Email()
    born = fields.Date()
    price = fields.Decimal(places=2, as_string=True)
    kind = fields.Str(validate=validate.OneOf(["a", "b"]), load_default="a")
    home = fields.Nested(Address)
    past = fields.List(fields.Nested(Address(only=("city",))))
    initials = fields.Method("first_letter", dump_only=True)

    def first_letter(self, person):
        return person["name"][0]

    @pre_load
    def strip(self, data, **_):
        return {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}

    @validates_schema
    def whole(self, data, **_):
        if data.get("kind") == "b" and "home" not in data:
            raise ValidationError("b needs a home", "home")


schema = Person()
loaded = schema.load({"name": " Ann ", "born": "2001-02-03", "price": "1.239", "home": {"city": "B", "code": "12"}, "more": 1})
print(loaded, schema.dump(loaded), schema.dumps({"name": "Bob", "past": [{"city": "x", "code": 1}]}))
for bad in [{}, {"name": "x", "email": "no", "born": "1", "home": {"code": "z"}}, {"name": "Bob", "kind": "b"}]:
    try:
        schema.load(bad)
    except ValidationError as error:
        print(error.messages)
print(Person(many=True, only=("name",)).load([{"name": "ab"}, {"name": "cd"}]), Person(partial=True).validate({"kind": "c"}))
print(Schema.from_dict({"when": fields.DateTime("iso"), "zone": fields.TimeDelta()})().dump({"when": dt.datetime(2026, 1, 1), "zone": dt.timedelta(seconds=5)}))
