import decimal

value = decimal.Decimal(
    "not a number"
)
