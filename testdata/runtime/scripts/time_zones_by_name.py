# zones
"""Time zones by name: zoneinfo, the folder of the system, and TZ."""
import os
import time
import zoneinfo
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
noon = datetime(2024, 7, 1, 12, tzinfo=timezone.utc)
for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Casablanca", "UTC"):
    zone = ZoneInfo(name)
    print(name, noon.astimezone(zone).isoformat(), (noon + timedelta(days=180)).astimezone(zone).tzname())
print(datetime(1900, 1, 1, tzinfo=BERLIN).utcoffset(), datetime(2099, 7, 1, tzinfo=BERLIN).utcoffset())
try:
    ZoneInfo("Mars/Olympus")
except zoneinfo.ZoneInfoNotFoundError as error:
    print(error)
print(len(zoneinfo.available_timezones()))
folder = Path(zoneinfo.TZPATH[0])
print((folder / "Europe/Berlin").read_bytes()[:5], (folder / "Europe").is_dir(), len([*folder.iterdir()]) > 60)
for name in (
    "Europe/Berlin", ":America/New_York", "Asia/Kolkata", "Europe/Dublin", "America/Nuuk", "Nowhere/Land",
    "EST5EDT", "Africa/Casablanca", "Australia/Lord_Howe", "Antarctica/Troll",
):
    os.environ["TZ"] = name
    time.tzset()
    print(name, time.tzname if name != "Nowhere/Land" else "", time.timezone, time.altzone, time.daylight)
    for moment in (-3e9, -1e9, 0, 1e8, 7e8, 1.7e9, 1.72e9, 2.1e9, 4e9):
        t = time.localtime(moment)
        print(" ", time.strftime("%F %T %Z %z", t) if name != "Nowhere/Land" else time.strftime("%F %T", t), t.tm_isdst, time.mktime(t) - moment)
    for stamp in ((2024, 3, 31, 2, 30), (2024, 10, 27, 3, 30), (2024, 11, 3, 2, 30), (1916, 5, 1, 0, 0), (1980, 6, 1, 0, 0)):
        print(" ", stamp, time.mktime((*stamp, 0, 0, 0, -1)))
    print(" ", datetime.fromtimestamp(1.7e9).astimezone().isoformat(), datetime(2024, 7, 1).astimezone().tzname() if name != "Nowhere/Land" else "")
