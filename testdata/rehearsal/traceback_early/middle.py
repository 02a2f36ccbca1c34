import collections
from inner import (
    thing,
)
