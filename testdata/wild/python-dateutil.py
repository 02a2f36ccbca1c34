# /// script
# dependencies = ["python-dateutil"]
# ///
"""Parses dates, adds relative ones, repeats by rules, finds Easter and computes with time zones."""

import datetime

from dateutil import easter, parser, relativedelta, rrule, tz

default = datetime.datetime(2026, 1, 1)
for text in ["Thu Sep 25 10:36:28 2003", "2026-02-03T04:05:06.5+02:00", "10/09/03", "3rd of May 2001", "12h 30m", "Oct 5", "20260102T0304"]:
    print(text, "->", parser.parse(text, default=default))
print(parser.parse("5.6.2026", dayfirst=True, default=default), parser.isoparse("2026-W10-3"))
try:
    parser.parse("no date at all")
except parser.ParserError as error:
    print(error)
print(datetime.date(2026, 1, 31) + relativedelta.relativedelta(months=1, weekday=relativedelta.FR(-1)))
print(relativedelta.relativedelta(datetime.date(2026, 3, 1), datetime.date(2023, 12, 25)))
print([str(day.date()) for day in rrule.rrule(rrule.MONTHLY, count=4, byweekday=rrule.TU(2), dtstart=default)])
print(list(rrule.rrulestr("DTSTART:20260101T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\nEXDATE:20260115T090000")))
print(easter.easter(2026), easter.easter(2026, easter.EASTER_ORTHODOX))
zone = tz.tzstr("EST5EDT,M3.2.0,M11.1.0")
print(default.replace(month=7, tzinfo=zone).utcoffset(), tz.resolve_imaginary(datetime.datetime(2026, 3, 8, 2, 30, tzinfo=zone)), tz.UTC)
print(tz.gettz("Europe/Berlin") is not None, parser.parse("10:00 BRST", tzinfos={"BRST": -10800}, default=default))
