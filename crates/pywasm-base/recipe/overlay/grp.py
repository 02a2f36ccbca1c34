"""The groups of an artifact: the one of the user that it runs as."""
import os
from _structure import Structure


class struct_group(Structure):
    fields = "gr_name", "gr_passwd", "gr_gid", "gr_mem"


struct_group.publish(__name__)


def _group():
    gid = os.getgid() if hasattr(os, "getgid") else 0
    return struct_group(("user" if gid else "root", "x", gid, []))


def getgrgid(id):
    if not hasattr(id, "__index__"):
        raise TypeError(f"gid should be integer, not {type(id).__name__}")
    if not -1 <= id < 1 << 32:
        raise OverflowError("gid is greater than maximum" if id >= 1 << 63 else "gid is less than minimum")
    group = _group()
    if id == group.gr_gid:
        return group
    raise KeyError(f"getgrgid(): gid not found: {id}")


def getgrnam(name):
    if not isinstance(name, str):
        raise TypeError(f"getgrnam() argument 'name' must be str, not {type(name).__name__}")
    if "\0" in name:
        raise ValueError("embedded null byte")
    name.encode()
    group = _group()
    if name == group.gr_name:
        return group
    raise KeyError(f"getgrnam(): name not found: {name!r}")


def getgrall():
    return [_group()]
