# Integers beyond the sizes at which CPython would import _pylong.
import sys
sys.set_int_max_str_digits(0)
quotient, rest = divmod(7 ** 40000, 3 ** 12000)
print(quotient % 1000003, rest % 1000003, len(str(quotient)), int("9" * 20000) % 97)
