# zones
# env: {"TZ": "EST5EDT,M3.2.0,M11.1.0"}
"""Local time by the rules that TZ names, and the clocks."""
import os
import time
from datetime import datetime, timedelta

ZONES = (
    "UTC", "EST5EDT", "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3", "<-0330>3:30", "IST-5:30",
    "AEST-10AEDT,M10.1.0,M4.1.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3", "IST-1GMT0,M10.5.0,M3.5.0/1", "XXX3YYY,J60/1,J300",
    "XXX3YYY2:15,59/1,299/26", "EST+5", "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "", ":UTC", "AAA-14", "BBB12", "IST-2IDT,M3.4.4/26,M10.5.0",
)
print(time.tzname, time.timezone, time.altzone, time.daylight)
print(time.strftime("%Y %Z %z", time.localtime(0)), datetime(2020, 1, 1).timestamp())
for zone in ZONES:
    os.environ["TZ"] = zone
    time.tzset()
    print(repr(zone), time.tzname, time.timezone, time.altzone, time.daylight)
    seen = None
    for hour in range(24 * 366):
        moment = 1704000000 + hour * 3600 + 1234
        local = time.localtime(moment)
        now = local.tm_isdst, local.tm_gmtoff, local.tm_zone
        if now != seen:
            print("  ", moment, tuple(local), *now, time.strftime("%Z %z", local), time.ctime(moment))
            seen = now
        assert time.mktime(local) == moment, (zone, moment)
    for text in ("2024-03-10 02:30", "2024-07-01 12:00", "1900-01-01 00:00", "1969-12-31 23:59", "2400-02-29 12:00", "2024-12-31 23:30"):
        naive = datetime.fromisoformat(text)
        aware = naive.astimezone()
        print("  ", text, aware, aware.tzname(), naive.timestamp(), time.mktime(naive.timetuple()), datetime.fromtimestamp(naive.timestamp()))
    for fold in (0, 1):
        print("  ", datetime(2024, 11, 3, 1, 30, fold=fold).timestamp(), datetime(2024, 10, 27, 2, 30, fold=fold).astimezone())
    for bad in ((2024, 13, 40, 25, 61, 61, 0, 0, -1), (2024, 7, 1, 0, 0, 0, 0, 0, 0), (2024, 7, 1, 0, 0, 0, 0, 0, 1), (2024, 1, 1, 0, 0, 0, 0, 0, 1)):
        print("  ", time.mktime(bad))
del os.environ["TZ"]
time.tzset()
print(time.tzname, time.localtime(10**9).tm_hour)

for name in ("REALTIME", "MONOTONIC", "PROCESS_CPUTIME_ID", "THREAD_CPUTIME_ID", "MONOTONIC_RAW", "BOOTTIME"):
    clock = getattr(time, "CLOCK_" + name)
    print(name, clock, type(time.clock_gettime(clock)), time.clock_gettime_ns(clock) >= 0, time.clock_getres(clock) > 0)
for clock in (-1, 99):
    try:
        print(time.clock_gettime(clock))
    except OSError as error:
        print(type(error).__name__, error.strerror)
try:
    time.clock_settime(time.CLOCK_MONOTONIC, 1)
except OSError as error:
    print(type(error).__name__, error.strerror)
first = time.process_time_ns(), time.thread_time(), time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)
sum(range(300_000))
last = time.process_time_ns(), time.thread_time(), time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)
print([b > a for a, b in zip(first, last)], time.get_clock_info("thread_time").monotonic, time.thread_time_ns() > 0)
