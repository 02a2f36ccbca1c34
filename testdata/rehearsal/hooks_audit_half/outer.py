import sys

SEEN = list(sys.modules)
import inner

VALUE = inner.VALUE + 1
import last
