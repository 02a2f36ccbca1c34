"""Classes with validators, converters, slots, ordering, hooks, evolution and serialization."""

import attr
import attrs
from attrs import asdict, define, evolve, field, fields, filters, frozen, validators


@define
class Item:
    name: str = field(validator=[validators.instance_of(str), validators.matches_re(r"\w+")])
    count: int = field(default=1, converter=int, validator=validators.ge(0))
    tags: list = field(factory=list, repr=lambda tags: f"<{len(tags)}>")
    total: int = field(init=False)

    def __attrs_post_init__(self):
        self.total = self.count * 2

    @count.validator
    def _check(self, attribute, value):
        if value == 13:
            raise ValueError("unlucky")


@frozen(order=True)
class Point:
    x: float
    y: float = 0.0


print(Item("pen", "3", ["a"]), asdict(Item("ink"), filter=filters.exclude(fields(Item).tags)))
print(evolve(Point(1, 2), y=5), Point(1) < Point(2), {Point(1): "h"}[Point(1)], attrs.astuple(Point(3, 4)))
for attempt in (lambda: Item(3), lambda: Item("x", -1), lambda: Item("x", 13), lambda: setattr(Point(1), "x", 2), lambda: setattr(Item("x"), "count", "-4")):
    try:
        print(attempt())
    except (TypeError, ValueError, attrs.exceptions.FrozenInstanceError) as error:
        print(type(error).__name__, str(error)[:60])
print([a.name for a in fields(Item)], hasattr(Item("a"), "__dict__"), attrs.has(Point))
Made = attr.make_class("Made", {"a": attr.ib(default=7), "b": attr.ib(factory=dict)}, slots=True)
print(Made(), Made(1) == Made(1), attrs.resolve_types(Item) is Item, attr.s(auto_attribs=True)(type("Old", (), {"__annotations__": {"z": int}}))(z=1))
