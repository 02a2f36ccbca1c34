"""The users of an artifact: the one that it runs as. As on Linux, its home folder is not the one that HOME may name."""
import os
from _structure import Structure


class struct_passwd(Structure):
    fields = "pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"


struct_passwd.publish(__name__)


def _user():
    uid = os.getuid() if hasattr(os, "getuid") else 0
    gid = os.getgid() if hasattr(os, "getgid") else 0
    name = "user" if uid else "root"
    home = "/home/user" if uid else "/root"
    return struct_passwd((name, "x", uid, gid, name, home, "/bin/sh"))


def getpwuid(uid, /):
    if not hasattr(uid, "__index__"):
        raise TypeError(f"uid should be integer, not {type(uid).__name__}")
    user = _user()
    if uid == user.pw_uid:
        return user
    raise KeyError(f"getpwuid(): uid not found: {uid}" if -1 <= uid < 1 << 32 else "getpwuid(): uid not found")


def getpwnam(name, /):
    if not isinstance(name, str):
        raise TypeError(f"getpwnam() argument must be str, not {type(name).__name__}")
    if "\0" in name:
        raise ValueError("embedded null byte")
    name.encode()
    user = _user()
    if name == user.pw_name:
        return user
    raise KeyError(f"getpwnam(): name not found: {name!r}")


def getpwall():
    return [_user()]
