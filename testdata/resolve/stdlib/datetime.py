try:
    from _datetime import *
except ImportError:
    from _pydatetime import *
