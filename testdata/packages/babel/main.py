"""Numbers, currencies, dates and plurals in some locales."""

from datetime import date, datetime, timedelta, timezone

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, parse_decimal
from babel.plural import PluralRule
from babel.units import format_unit

DAY = date(2024, 2, 29)
MOMENT = datetime(2024, 7, 1, 12, 30, tzinfo=timezone.utc)

for name in ["en_US", "de_CH", "ar_EG"]:
    locale = Locale.parse(name)
    print(name, locale.get_display_name("en"), locale.display_name, locale.text_direction)
    print(format_decimal(1234567.891, locale=locale), format_percent(0.256, locale=locale))
    print(format_currency(1099.5, "EUR", locale=locale), format_currency(2, "EUR", locale=locale, format_type="name"))
    print([format_date(DAY, length, locale=locale) for length in ["short", "medium", "long", "full"]])
    print(format_datetime(MOMENT, "EEEE, d MMMM y, HH:mm", locale=locale))
    print(format_timedelta(timedelta(days=3), locale=locale, add_direction=True))
    print(format_list(["A", "B", "C"], locale=locale), format_unit(12, "length-meter", locale=locale))
    print([locale.plural_form(n) for n in [0, 1, 2, 3, 11, 100, 1.5]])

print(parse_decimal("1.234,5", locale="de"), Locale.parse("de-AT", sep="-"), Locale.negotiate(["gsw_CH", "de_CH"], ["en_US", "de_CH"]))
rule = PluralRule({"one": "n is 1", "few": "n mod 10 in 2..4 and n mod 100 not in 12..14"})
print(rule, [rule(n) for n in [0, 1, 2, 12, 23]])
for name in ["xx_YY", "not a locale"]:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError) as error:
        print(type(error).__name__, error)
