import contextlib

try:
    import fast_one
except ImportError:
    fast_one = None

try:
    import fast_two
    import only_with_fast_two
except (ImportError, AttributeError):
    import slow_two
else:
    import after_fast_two

try:
    import present
except ModuleNotFoundError:
    import instead_of_present
else:
    import beside_present

try:
    from _datetime import datetime
except ImportError:
    from _pydatetime import datetime

with contextlib.suppress(ImportError):
    import fast_three

try:
    import ssl
except ImportError:
    ssl = None

try:
    import broken
except Exception:
    broken = None
