"""Collects the files of time zones, which a Linux has in /usr/share/zoneinfo.

In: the unpacked wheel of tzdata in build.sh's work folder. Out: stdlib/zoneinfo/zones in the folder to fill, with the same files.
Programs find them at /usr/share/zoneinfo (runtime/descriptors.c).
"""

import os
import shutil


def collect_zones(work, out):
    """Fills OUT/stdlib/zoneinfo/zones."""
    source = os.path.join(work, "tzdata/tzdata/zoneinfo")
    target = os.path.join(out, "stdlib/zoneinfo/zones")
    for folder, folders, files in os.walk(source):
        folders.sort()
        place = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(place, exist_ok=True)
        for name in sorted(files):
            # In the wheel each folder is a package.
            if not name.endswith(".py"):
                path = os.path.join(place, name)
                shutil.copyfile(os.path.join(folder, name), path)
                os.chmod(path, 0o644)
