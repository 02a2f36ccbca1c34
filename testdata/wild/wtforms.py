"""Forms with fields, validators, nested lists, filters, rendering and errors."""

import datetime

from wtforms import BooleanField, DateField, DecimalField, FieldList, FileField, Form, FormField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField, validators
from wtforms.widgets import Select


class Formdata(dict):
    def getlist(self, key):
        return self[key]


class Address(Form):
    city = StringField(validators=[validators.InputRequired()])


class Person(Form):
    name = StringField("Name", [validators.Length(min=2, max=5), validators.Regexp("^[a-z]+$")], filters=[lambda v: v.strip() if v else v], render_kw={"class": "x"})
    age = IntegerField(validators=[validators.NumberRange(0, 99), validators.Optional()])
    price = DecimalField(places=2, default=1)
    born = DateField(format="%Y-%m-%d", validators=[validators.Optional()])
    kind = SelectField(choices=[("a", "A & B"), ("b", "B")])
    radio = RadioField(choices=[(1, "one"), (2, "two")], coerce=int, default=1)
    agree = BooleanField()
    text = TextAreaField(default="<b>")
    home = FormField(Address)
    tags = FieldList(StringField(), min_entries=1, max_entries=3)
    hidden, file = HiddenField(default="h"), FileField()

    def validate_name(self, field):
        if field.data == "bad":
            raise validators.ValidationError("no such name")


form = Person(Formdata({"name": [" ann "], "age": ["7"], "price": ["2.50"], "born": ["2026-02-03"], "kind": ["b"], "radio": ["2"], "agree": ["y"], "home-city": ["B"], "tags-0": ["t"]}))
print(form.validate(), form.data)
for data in [{"name": ["x"], "age": ["old"], "kind": ["z"]}, {"name": ["bad"], "age": ["100"], "born": ["never"], "kind": ["a"], "home-city": ["c"], "price": ["p"]}]:
    bad = Person(Formdata({"home-city": [""], **data}))
    print(bad.validate(), bad.errors)
empty = Person(data={"born": datetime.date(2026, 1, 1)})
for field in empty:
    print(field.label, field())
print(empty.name(class_="big", disabled=True, data_x="1"), Select(multiple=True)(empty.kind), form["tags"].entries[0].id, empty.tags.append_entry("new").data)
