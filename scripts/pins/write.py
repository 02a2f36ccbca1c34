"""Adds to each line `NAME==VERSION` of a list the SHA-256 of its file in a folder.

usage: python3 scripts/pins/write.py FOLDER < LIST > LIST WITH DIGESTS
"""

import hashlib
import pathlib
import re
import sys


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def identity(file):
    """The name and version in the name of a wheel or a source distribution."""
    if file.suffix == ".whl":
        name, version = file.name.split("-")[:2]
    else:
        name, _, version = file.name.removesuffix(".tar.gz").rpartition("-")
    return normal(name), version


digests = {identity(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in pathlib.Path(sys.argv[1]).iterdir()}
for line in sys.stdin.read().splitlines():
    name, pinned, version = line.partition("==")
    print(f"{line} --hash=sha256:{digests[normal(name), version]}" if pinned else line)
