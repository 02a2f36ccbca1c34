"""A small vendored library, installed with its metadata beside it."""

import pkgutil


def months():
    """The names of the months, from this package's own data file."""
    return pkgutil.get_data(__name__, "months.txt").decode("utf-8").split()
