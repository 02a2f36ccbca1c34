"""Parses, shifts, ranges, floors, converts and humanizes moments, in several languages and zones."""

import datetime

import arrow

moment = arrow.get("2026-02-03T04:05:06.789+01:00")
print(moment, moment.to("UTC"), moment.to("US/Pacific"), moment.timestamp(), moment.weekday())
print(arrow.get("3 March 2026 5:06 PM", "D MMMM YYYY h:mm A"), arrow.get("1367900664", "X"), arrow.get("2026-W05-3", "W"), arrow.get(2026, 5, 6))
print(moment.shift(months=1, weeks=-1), moment.replace(hour=1, tzinfo="Asia/Tokyo"), moment.floor("month"), moment.ceil("week"), moment.span("quarter"))
print(moment.format("dddd DD. MMMM YYYY HH:mm:ss ZZ [literal] w"), moment.format("MMMM D, YYYY", locale="fr"), moment.format(arrow.FORMAT_RFC2822))
other = moment.shift(hours=-3, minutes=-20)
for language in ["en", "de", "ru", "ja", "ar"]:
    print(language, other.humanize(moment, locale=language), moment.humanize(other, locale=language), other.humanize(moment, granularity=["hour", "minute"], locale=language))
print([str(day) for day in arrow.Arrow.range("day", moment.floor("day"), limit=3)], list(arrow.Arrow.span_range("hour", moment.datetime, moment.shift(hours=1).datetime))[0])
print(moment.dehumanize("2 days ago"), moment > other, moment - other, moment.is_between(other, moment.shift(days=1)), moment.isocalendar()[1])
print(arrow.get(datetime.date(2026, 1, 1)), moment.dst(), arrow.get("2026-07-01", tzinfo="Europe/Paris").utcoffset(), moment.for_json())
for bad in [("2026-13-01",), ("x", "YYYY")]:
    try:
        arrow.get(*bad)
    except (arrow.parser.ParserError, ValueError) as error:
        print(type(error).__name__, str(error)[:60])
