"""Locks files: nested, with a time-out, refused to a second lock, soft ones, and coroutines."""

import asyncio
import pathlib
import tempfile

from filelock import AsyncFileLock, FileLock, SoftFileLock, Timeout

folder = pathlib.Path(tempfile.mkdtemp())
lock = FileLock(folder / "a.lock", timeout=1)
with lock:
    print(lock.is_locked, lock.lock_counter)
    with lock:
        print(lock.lock_counter)
    with lock.acquire(poll_interval=0.01):
        print(lock.is_locked)
print(lock.is_locked, lock.lock_counter, lock.timeout)
soft = SoftFileLock(folder / "b.lock")
soft.acquire()
print((folder / "b.lock").exists())
try:
    SoftFileLock(folder / "b.lock").acquire(timeout=0)
except Timeout as error:
    print(type(error).__name__, str(error).replace(str(folder), ""))
soft.release()
print((folder / "b.lock").exists(), FileLock(folder / "c", is_singleton=True) is FileLock(folder / "c", is_singleton=True))


@lock
def guarded():
    return lock.is_locked


async def main():
    async with AsyncFileLock(folder / "d.lock", run_in_executor=False) as held:
        print(held.is_locked)


print(guarded())
asyncio.run(main())
