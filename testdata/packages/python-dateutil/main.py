"""Parser, time zones, recurrences and relative deltas."""

from datetime import datetime

from dateutil import easter, parser, tz
from dateutil.relativedelta import FR, relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, rruleset, rrulestr

print(parser.parse("Thu Sep 25 10:36:28 2003"))
print(parser.parse("10/09/2003 3:15 pm", dayfirst=True))
print(parser.parse("2024-02-29T12:30:00+02:00"))
print(parser.isoparse("2024-W09-4T08"))
try:
    parser.parse("the day before")
except parser.ParserError as error:
    print("ParserError:", error)

# The parser is made while the module is imported, and knows the year of then.
year = datetime.now().year
print(parser.parse(f"10 Sep {(year + 49) % 100:02}").year - year, parser.parse(f"10 Sep {(year - 50) % 100:02}").year - year)

zurich = tz.gettz("Europe/Zurich")
summer = datetime(2024, 7, 1, 12, tzinfo=zurich)
print(summer, summer.tzname(), summer.astimezone(tz.UTC), summer.astimezone(tz.gettz("Asia/Tokyo")))
print(tz.datetime_ambiguous(datetime(2024, 10, 27, 2, 30), zurich), tz.resolve_imaginary(datetime(2024, 3, 31, 2, 30, tzinfo=zurich)))
print(tz.tzstr("EST5EDT").utcoffset(datetime(2024, 7, 1)))

start = datetime(2024, 1, 31)
print([str(day.date()) for day in rrule(MONTHLY, count=4, bymonthday=-1, dtstart=start)])
print([str(day.date()) for day in rrulestr("FREQ=WEEKLY;BYDAY=MO,FR;COUNT=4", dtstart=start)])
days = rruleset()
days.rrule(rrule(WEEKLY, count=3, dtstart=start))
days.exdate(datetime(2024, 2, 7))
print(list(days))
print(start + relativedelta(months=1, weekday=FR(-1)), relativedelta(datetime(2024, 5, 4), start))
print(easter.easter(2025))
