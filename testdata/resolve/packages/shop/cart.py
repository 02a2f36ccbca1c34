from . import prices
from .prices import total
from .deep.inner import thing
