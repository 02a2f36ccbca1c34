import codecs
from . import aliases
