"""Clocks are those of the start, and what the program has made before stays."""
import datetime
import logging
import os
import sys
import time

LAST_WEEK = datetime.timedelta(days=7)
RELEASED = datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)
clock = time.perf_counter
now = datetime.datetime.now
today = datetime.date.today
record = logging.LogRecord("name", 20, "path", 1, "message", (), None)
print("begin")
reference = os.environ.get("NOW")
print(abs(time.time() - float(reference)) < 300 if reference else "no reference")
print(now().year >= 2025, today() >= datetime.date(2025, 1, 1), now() - LAST_WEEK > datetime.datetime(2025, 1, 1))
print(0 <= time.process_time() < 60, clock() <= clock(), time.monotonic_ns() <= time.monotonic_ns())
print(RELEASED.isoformat(), time.tzname, time.timezone, time.localtime(0)[:6])
print(time.time() - record.created < 60)
print(abs(logging.LogRecord("n", 20, "p", 1, "m", (), None).relativeCreated) < 60000)
