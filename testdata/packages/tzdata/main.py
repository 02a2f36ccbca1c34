"""Time zones out of the package tzdata, by zoneinfo."""

import zoneinfo
from datetime import datetime, timedelta, timezone
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# A native Python looks into the system's folders first.
zoneinfo.reset_tzpath(to=[])


def main():
    noon = datetime(2024, 7, 1, 12, tzinfo=timezone.utc)
    for name in ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Argentina/Ushuaia", "UTC"]:
        zone = ZoneInfo(name)
        local = noon.astimezone(zone)
        print(name, local.isoformat(), local.tzname(), (noon + timedelta(days=180)).astimezone(zone).utcoffset())
    print(datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset())
    try:
        ZoneInfo("Mars/Olympus")
    except ZoneInfoNotFoundError as error:
        print(error)
    print(len(zoneinfo.available_timezones()) > 400)
    print(len(resources.files("tzdata").joinpath("zones").read_text().splitlines()) > 300)


main()
