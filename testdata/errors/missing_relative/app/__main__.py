from . import helper
from .nothing import x
from ...above import y
