"""Looks for modules by names that only a run can tell, and takes none for an answer."""

LAST = "e"


def find(name):
    try:
        return __import__(name).__name__
    except ImportError:
        return None


found = [name for name in (find("color" + "sys".lower()), find("shop")) if name]
