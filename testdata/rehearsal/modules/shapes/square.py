from __future__ import annotations

side: Undefined = 1


def area(side: Undefined) -> AlsoUndefined:
    return side * side
