"""Data classes from dictionaries: nested, optional, unions, casts, hooks and errors with paths."""

import dataclasses
import datetime
import enum
from typing import Any, Generic, Literal, NewType, Optional, TypeVar, Union

from dacite import Config, DaciteError, from_dict

T = TypeVar("T")
Age = NewType("Age", int)


class Kind(enum.Enum):
    A = "a"


@dataclasses.dataclass
class Part:
    name: str
    size: Optional[float] = None


@dataclasses.dataclass
class Thing:
    parts: list[Part]
    kind: Kind
    when: datetime.date
    table: dict[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)
    either: Union[Part, int, str] = 0
    mode: Literal["x", "y"] = "x"
    any: Any = None


@dataclasses.dataclass
class Box(Generic[T]):
    value: T
    age: Age = Age(3)
    later: "Optional[Box[int]]" = None


config = Config(cast=[Kind], type_hooks={datetime.date: datetime.date.fromisoformat}, strict=True)
good = {"parts": [{"name": "a", "size": 1.5}, {"name": "b"}], "kind": "a", "when": "2026-01-02", "table": {"k": (1, 2)}, "either": {"name": "c"}}
print(from_dict(Thing, good, config))
print(from_dict(Box[str], {"value": "v", "later": {"value": 1}}))
for change in [{"parts": [{"name": 1}]}, {"parts": [{}]}, {"extra": 1}, {"mode": "z"}, {"either": 1.5}, {"kind": "q"}, {"table": {"k": ("x",)}}]:
    try:
        from_dict(Thing, {**good, **change}, config)
    except (DaciteError, ValueError) as error:
        print(type(error).__name__, error)
print(from_dict(Part, {"name": 5}, Config(check_types=False)), from_dict(Part, {"NAME": "x"}, Config(convert_key=str.upper)) if hasattr(Config(), "convert_key") else "")
