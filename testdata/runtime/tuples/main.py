"""Makes named tuples in an artifact without the compiler."""

import builtins
import collections
import typing


class Typed(typing.NamedTuple):
    x: int
    y: int = 2


def make(fields):
    return collections.namedtuple("Made", fields)


print(make("x y größe")(1, 2, 3), make("α β")(1, 2), make([])(), make([f"f{n}" for n in range(300)])(*range(300))[-1], Typed(1))
try:
    # By a name that the build cannot see.
    getattr(builtins, "".join(["ev", "al"]))("1")
except RuntimeError as error:
    print(str(error).partition(",")[0])
