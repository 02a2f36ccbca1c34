"""Calls all that the C module has."""

import probe._core as core


class Named(core.Point):
    """A subclass of a C type."""


print(core.__name__, core.__spec__.origin)
print(core.state())
print(core.Point(1.5, y=2), Named(2).x, repr(Named(1)))
for name, argument in [
    ("sorted_numbers", "30 0x10 -7 2"),
    ("mathematics", "7.25"),
    ("characters", "grün"),
    ("calendar", 1_700_000_000),
    ("wide_division", 2**63 + 9),
]:
    print(name, core.call(name, argument))
print(core.fraction("3/9"))
for wrong in [lambda: core.call("nothing", 1), lambda: core.call(1), lambda: core.Point("x")]:
    try:
        wrong()
    except (LookupError, TypeError) as error:
        print(type(error).__name__, error)
print(core.state())
