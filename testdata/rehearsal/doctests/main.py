"""A module that tests its own documentation.

>>> double(2)
4
>>> LIST
[1, 2]
"""
import doctest
import sys

LIST = [1, 2]


def double(value):
    """Doubles.

    >>> double(3)
    6
    >>> double("a")
    'ab'
    """
    return value * 2


results = doctest.testmod(report=False) if "quiet" in sys.argv else None
if __name__ == "__main__":
    print(doctest.testmod())
    print([test.name for test in doctest.DocTestFinder().find(double)], results)
