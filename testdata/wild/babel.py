# /// script
# dependencies = ["babel", "tzdata"]
# ///
"""Formats dates, numbers, currencies and units in several languages, parses numbers, reads a catalogue."""

import datetime
import io

from babel import Locale, dates, lists, numbers, units
from babel.messages import mofile, pofile

when = datetime.datetime(2026, 2, 3, 14, 5, 6)
for name in ["en_US", "de", "fr_CA", "ja", "ar", "pt_BR"]:
    locale = Locale.parse(name)
    print(name, locale.get_display_name("en"), locale.english_name)
    print(dates.format_datetime(when, "long", locale=locale), "|", dates.format_date(when, "full", locale=locale))
    print(numbers.format_decimal(1234567.891, locale=locale), numbers.format_currency(-9.5, "EUR", locale=locale))
    print(numbers.format_percent(0.256, locale=locale), units.format_unit(3, "length-kilometer", locale=locale))
    print(lists.format_list(["a", "b", "c"], locale=locale), dates.format_timedelta(datetime.timedelta(days=-3), add_direction=True, locale=locale))
    print(locale.plural_form(1), locale.plural_form(2), locale.languages["de"], locale.territories["DE"])
print(numbers.parse_decimal("1.234,5", locale="de"), dates.get_timezone_name("Europe/Berlin", locale="de"))
catalogue = pofile.read_po(io.BytesIO(b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "cat"\nmsgid_plural "cats"\nmsgstr[0] "Katze"\nmsgstr[1] "Katzen"\n'), locale="de")
out = io.BytesIO()
mofile.write_mo(out, catalogue)
print(catalogue["cat"].string, len(out.getvalue()))
