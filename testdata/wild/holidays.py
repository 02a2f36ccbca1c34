"""Holidays of countries, subdivisions and markets, in several languages, sums of them, and workdays."""

import datetime

import holidays

for country, subdivision in [("US", "CA"), ("DE", "BY"), ("JP", None), ("IN", None), ("BR", "SP")]:
    days = holidays.country_holidays(country, subdiv=subdivision, years=2026)
    print(country, len(days), sorted(days.items())[:4])
germany = holidays.DE(years=2025, language="en_US")
print(germany.get("2025-10-03"), datetime.date(2025, 12, 25) in germany, germany.get_named("Easter"))
print(holidays.financial_holidays("NYSE", years=2026).get("2026-07-03"))
both = holidays.FR(years=2026) + holidays.IT(years=2026)
print(len(both), both.get("2026-08-15"))
print(germany.get_nth_working_day("2025-12-24", 2), germany.is_working_day("2025-12-25"))
print(len(holidays.list_supported_countries()) > 100, holidays.list_supported_countries()["CH"][:3])
custom = holidays.HolidayBase(years=2026)
custom.append({"2026-02-03": "Mine"})
print(custom, germany["2025-05-01":"2025-05-03"])
