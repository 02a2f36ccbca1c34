"""Classes by attrs: both spellings, validators, converters, slots, and what is made of them."""

import functools

import attr
import attrs
from attrs import Factory, asdict, astuple, cmp_using, converters, define, evolve, field, fields, frozen, make_class, validators


@define
class Item:
    name: str = field(validator=validators.and_(validators.instance_of(str), validators.min_len(2)))
    price: float = field(converter=float, validator=validators.ge(0))
    tags: list[str] = Factory(list)
    note: str | None = field(default=None, converter=converters.optional(str.strip), repr=False)
    total: float = field(init=False)

    def __attrs_post_init__(self):
        self.total = round(self.price * 1.2, 2)

    @price.validator
    def _cheap(self, attribute, value):
        if value > 1000:
            raise ValueError(f"{attribute.name} is too high: {value}")

    @functools.cached_property
    def label(self):
        return f"{self.name} ({self.price:.2f})"


@frozen(order=True, kw_only=True)
class Version:
    major: int
    minor: int = 0


@attr.s(auto_attribs=True, slots=True, hash=True)
class Old:
    x: int = attr.ib(default=1, metadata={"unit": "m"})
    y: "Old | None" = None


@define
class Loose:
    value: object = field(eq=cmp_using(eq=lambda a, b: str(a) == str(b)))


@define
class Child(Item):
    size: int = 1


def main():
    item = Item("pen", "1.5", note="  blue ")
    print(item, item.total, item.note, item.label)
    print(asdict(item), astuple(item, recurse=False))
    print(evolve(item, price=2))
    print(Child("pencil", 3, size=7), isinstance(Child("ab", 1), Item))
    for wrong in [("x", 1), (1, 1), ("ab", -1), ("ab", 2000), ("ab", "?")]:
        try:
            Item(*wrong)
        except (TypeError, ValueError) as error:
            print(type(error).__name__, str(error.args[0])[:80])
    try:
        Version(major=1).major = 2
    except attrs.exceptions.FrozenInstanceError as error:
        print(type(error).__name__)
    print(sorted([Version(major=2), Version(major=1, minor=3)]), len({Version(major=1), Version(major=1)}))
    print(Old(), attr.fields(Old).x.metadata["unit"], hash(Old(1)) == hash(Old(1)))
    print(Loose(1) == Loose("1"), Loose(1) == Loose(2))
    print([(a.name, a.type) for a in fields(Version)])
    Point = make_class("Point", {"x": field(default=0), "y": field(default=0)}, frozen=True)
    print(Point(1), attrs.has(Point), Item.__slots__[:2])
    attrs.resolve_types(Old)
    print(attr.fields(Old).y.type)
    print(attr.__version__)


main()
