# /// script
# dependencies = ["dateparser"]
#
# [tool.wild]
# differs = "its regular expressions are those of the package regex, which is compiled code"
# ///
"""Finds dates in many languages and calendars, relative ones, in texts, with settings and zones."""

import datetime

import dateparser
from dateparser.date import DateDataParser
from dateparser.search import search_dates

BASE = {"RELATIVE_BASE": datetime.datetime(2026, 2, 3, 12)}
for text in ["12/12/12", "Le 11 Décembre 2014 à 09:00", "13 января 2015 г. в 13:34", "1 เดือนตุลาคม 2005, 1:00 AM", "2 weeks ago", "in 3 days", "yesterday 5pm", "vor 2 Tagen", "hace un mes", "martes 5 de mayo", "2026-01-02T03:04:05Z", "1484823450", "Jan 2015", "nonsense words"]:
    print(text, dateparser.parse(text, settings=BASE))
print(dateparser.parse("01/02/03", date_formats=["%y/%m/%d"]), dateparser.parse("1/2/2026", settings={"DATE_ORDER": "DMY"}), dateparser.parse("March", settings={**BASE, "PREFER_DAY_OF_MONTH": "last", "PREFER_DATES_FROM": "past"}))
print(dateparser.parse("10:00 EST", settings={**BASE, "TO_TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True}), dateparser.parse("2026", settings={"REQUIRE_PARTS": ["month"]}))
found = DateDataParser(languages=["fr", "es"], settings=BASE).get_date_data("3 septembre 2026")
print(found.date_obj, found.period, found.locale)
print(search_dates("It began on 4 May 2021 and ended on June 7th, 2022", languages=["en"], settings=BASE))
