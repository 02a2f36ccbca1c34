import _codecs
