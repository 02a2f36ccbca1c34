"""Chooses the moments at which something happens to a running command.

In:  a generator of random numbers, a folder, and how long the command takes. Out: `Moment`, which waits either for a
time, or for one of the changes of files below the folder: between two of them, something can be half-made.
"""

import ctypes
import os
import select
import struct
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CREATED, MODIFIED, MOVED, DELETED = 0x100, 0x2, 0x80, 0x200
IS_FOLDER = 0x40000000
EVENT = struct.Struct("iIII")


class Moment:
    """A moment of a command: made before it starts."""

    def __init__(self, rng, seconds, folder, changes=60):
        self.count = rng.choice((0, 1, 2, rng.randint(0, 12), rng.randint(0, changes)))
        self.seconds = rng.uniform(0, seconds * 1.1)
        self.by_change = rng.random() < 0.6
        self.deadline = seconds * 4 + 5
        self.inotify, self.folders = -1, {}
        if self.by_change:
            self.inotify = LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            self.watch(folder)

    def watch(self, folder):
        for top, folders, _ in os.walk(folder):
            folders[:] = [name for name in folders if name not in ("bases", "stdlib", "site-packages")]
            self.add(top)

    def add(self, folder):
        watch = LIBC.inotify_add_watch(self.inotify, os.fsencode(folder), CREATED | MODIFIED | MOVED | DELETED)
        self.folders[watch] = folder

    def wait(self, child):
        """Waits for the moment, or for the end of the command."""
        end = time.monotonic() + (self.deadline if self.by_change else self.seconds)
        seen = 0
        while child.poll() is None and (left := end - time.monotonic()) > 0:
            if not self.by_change:
                time.sleep(min(left, 0.01))
                continue
            if select.select([self.inotify], [], [], min(left, 0.02))[0]:
                seen += self.read_events()
                if seen > self.count:
                    break
        if self.inotify >= 0:
            os.close(self.inotify)
            self.inotify = -1

    def read_events(self):
        """The number of changes since the last call. Folders that are new are watched as well."""
        buffer = os.read(self.inotify, 1 << 16)
        count = at = 0
        while at < len(buffer):
            watch, mask, _, length = EVENT.unpack_from(buffer, at)
            name = buffer[at + EVENT.size : at + EVENT.size + length].rstrip(b"\0")
            if mask & IS_FOLDER and mask & CREATED and watch in self.folders:
                self.watch(os.path.join(self.folders[watch], os.fsdecode(name)))
            at += EVENT.size + length
            count += 1
        return count
