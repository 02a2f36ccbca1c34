"""Sizes, numbers, times and lists in words, in several languages."""

import datetime as dt

import humanize

print([humanize.naturalsize(n) for n in (10, 3000, 5_000_000)], humanize.naturalsize(3000, binary=True), humanize.naturalsize(3000, gnu=True))
print(humanize.intcomma(1234567.891), humanize.intword(12_345_678_900), humanize.apnumber(7), humanize.ordinal(23), humanize.fractional(0.3), humanize.scientific(0.00032), humanize.clamp(5, ceil=3), humanize.metric(1500, "V"))
print(humanize.naturaldelta(dt.timedelta(days=400)), humanize.precisedelta(dt.timedelta(hours=49, seconds=3.5), minimum_unit="seconds"), humanize.naturaldelta(dt.timedelta(milliseconds=4), minimum_unit="milliseconds"))
now = dt.datetime(2026, 1, 10, 12)
print([humanize.naturaltime(now - dt.timedelta(seconds=s), when=now) for s in (0, 30, 4000, 90000, -100)])
print(humanize.naturalday(dt.date.today()), humanize.naturaldate(dt.date(2001, 2, 3)), humanize.natural_list(["a", "b", "c"]))
for language in ["de_DE", "fr_FR", "ru_RU", "ja_JP"]:
    humanize.i18n.activate(language)
    print(language, humanize.naturaltime(dt.timedelta(hours=3)), humanize.intword(3_000_000), humanize.ordinal(3), humanize.intcomma(1234567), humanize.precisedelta(dt.timedelta(days=2, hours=1)))
humanize.i18n.deactivate()
print(humanize.intword(10**100), humanize.naturalsize("no") if False else humanize.intcomma("text"), humanize.__version__ > "4")
