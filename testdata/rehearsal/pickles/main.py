"""Classes and functions of __main__, found by their names."""
import copy
import dataclasses
import enum
import pickle
import typing


@dataclasses.dataclass
class Point:
    x: int
    y: "Point | None" = None

    class Inner:
        pass


class Colour(enum.Enum):
    RED = 1


class Reduced:
    def __reduce__(self):
        return make, (1, 2)


def make(*values):
    return list(values)


Named = typing.NamedTuple("Named", [("a", int)])
made = type("Made", (Point,), {})
dumped = pickle.dumps([Point(1, Point(2)), Colour.RED, Reduced(), make, Named(3), Point.Inner, made(5)])
loaded = pickle.loads(dumped)
hints = typing.get_type_hints(Point)
import user

print("stop")
again = pickle.loads(dumped)
print(loaded, again == loaded, again[1] is Colour.RED, type(again[0]) is Point, again[3] is make, pickle.dumps(again) == dumped)
print(hints, user.loaded, copy.deepcopy(loaded) == loaded, Point.__module__, make.__module__)
print(pickle.loads(user.dumped), user.dumped == pickle.dumps([user.Own(), Point(9)]))
