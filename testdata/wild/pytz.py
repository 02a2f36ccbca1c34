"""Localizes and converts over changes of summer time, ambiguous hours, and names of zones by country."""

import datetime

import pytz

berlin, york = pytz.timezone("Europe/Berlin"), pytz.timezone("America/New_York")
for month in (1, 7):
    when = berlin.localize(datetime.datetime(2026, month, 5, 12))
    print(when, when.tzname(), when.astimezone(york), when.astimezone(pytz.utc).isoformat())
ambiguous = datetime.datetime(2026, 10, 25, 2, 30)
print(berlin.localize(ambiguous, is_dst=True).utcoffset(), berlin.localize(ambiguous, is_dst=False).utcoffset())
for moment in [ambiguous, datetime.datetime(2026, 3, 29, 2, 30)]:
    try:
        berlin.localize(moment, is_dst=None)
    except pytz.InvalidTimeError as error:
        print(type(error).__name__, error)
print(berlin.normalize(berlin.localize(datetime.datetime(2026, 3, 29, 1, 59)) + datetime.timedelta(minutes=2)))
print(pytz.country_timezones["de"], pytz.country_names["fr"], len(pytz.common_timezones) > 300, "UTC" in pytz.all_timezones_set)
try:
    pytz.timezone("Mars/Base")
except pytz.UnknownTimeZoneError as error:
    print(error)
print(pytz.FixedOffset(90), pytz.timezone("Asia/Kolkata").localize(datetime.datetime(2026, 1, 1)))
