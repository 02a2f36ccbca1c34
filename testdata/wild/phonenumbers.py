"""Parses, checks and formats numbers of many regions, tells places and carriers, and formats while typing."""

import phonenumbers
from phonenumbers import AsYouTypeFormatter, NumberParseException, PhoneNumberFormat, PhoneNumberMatcher, carrier, geocoder, timezone

for text, region in [("+442083661177", None), ("030 123456", "DE"), ("(650) 253-0000", "US"), ("09012345678", "JP"), ("+5511987654321", None)]:
    number = phonenumbers.parse(text, region)
    print(number.country_code, number.national_number, phonenumbers.is_valid_number(number), phonenumbers.region_code_for_number(number))
    print([phonenumbers.format_number(number, kind) for kind in (PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.RFC3966)])
    print(geocoder.description_for_number(number, "en"), carrier.name_for_number(number, "en"), timezone.time_zones_for_number(number))
print(geocoder.description_for_number(phonenumbers.parse("+498912345"), "de"), phonenumbers.number_type(phonenumbers.parse("+491701234567")))
try:
    phonenumbers.parse("hello", "US")
except NumberParseException as error:
    print(error)
typed = AsYouTypeFormatter("US")
print([typed.input_digit(digit) for digit in "6502530000"][-1])
print([match.raw_string for match in PhoneNumberMatcher("call 650-253-0000 or 1234", "US")])
print(phonenumbers.is_possible_number(phonenumbers.parse("123", "FR")), phonenumbers.example_number("IT"))
