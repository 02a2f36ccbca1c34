try:
    import fast_one
except ImportError as error:
    raise SystemExit("install fast_one") from error

try:
    import fast_two
except ValueError:
    pass

try:
    import fast_three
finally:
    pass

def late():
    import fast_four
