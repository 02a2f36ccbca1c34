"""Structures and unstructures nested classes, unions, enums and dates, with hooks and collected errors."""

import dataclasses
import datetime
import enum
from typing import Literal, Optional, Union

import cattrs
from attrs import define
from cattrs.gen import make_dict_structure_fn, override
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


@define
class Part:
    name: str
    colour: Colour = Colour.RED


@dataclasses.dataclass
class Thing:
    parts: list[Part]
    when: Optional[datetime.date] = None
    kind: Literal["x", "y"] = "x"
    sizes: dict[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)


@define
class Circle:
    r: int


@define
class Square:
    a: int


converter = make_converter()
raw = {"parts": [{"name": "wheel", "colour": "b"}, {"name": "seat"}], "when": "2026-01-02", "sizes": {"s": ["1", 2]}}
thing = converter.structure(raw, Thing)
print(thing, converter.unstructure(thing), converter.dumps(thing))
print(cattrs.structure(["1", 2.0], tuple[int, float]), converter.structure({"r": 3}, Union[Circle, Square]))
try:
    converter.structure({"parts": [{"name": 1, "colour": "?"}], "kind": "z"}, Thing)
except cattrs.ClassValidationError as error:
    print(cattrs.transform_error(error))
configure_tagged_union(Union[Circle, Square], converter)
print(converter.unstructure(Square(2), Union[Circle, Square]))
renamed = cattrs.Converter(forbid_extra_keys=True)
renamed.register_structure_hook(Part, make_dict_structure_fn(Part, renamed, name=override(rename="n")))
print(renamed.structure({"n": "q"}, Part))
