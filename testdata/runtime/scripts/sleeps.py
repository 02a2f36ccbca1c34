# A sleep takes its time, by all who can sleep.
import asyncio
import select
import threading
import time


def took(function, *arguments, **options):
    start = time.monotonic()
    function(*arguments, **options)
    return time.monotonic() - start >= 0.02


lock = threading.Lock()
lock.acquire()
print(took(time.sleep, 0.02), took(select.select, [], [], [], 0.02), took(lock.acquire, timeout=0.02))
print(took(lambda: asyncio.run(asyncio.sleep(0.02))))
for wrong in (-1, float("nan"), "1"):
    try:
        time.sleep(wrong)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
