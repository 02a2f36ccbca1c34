from .. import value
from . import from_top
from ...core import base

VALUE = value, from_top, base.Base.seen
