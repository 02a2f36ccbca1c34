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
    group = _group()
    if id == group.gr_gid:
        return group
    raise KeyError(f"getgrgid(): gid not found: {id}" if -1 <= id < 1 << 32 else "getgrgid(): gid not found")


def getgrnam(name):
    if not isinstance(name, str):
        raise TypeError(f"getgrnam() argument 'name' must be str, not {type(name).__name__}")
    group = _group()
    if name == group.gr_name:
        return group
    raise KeyError(f"getgrnam(): name not found: {name!r}")


def getgrall():
    return [_group()]
