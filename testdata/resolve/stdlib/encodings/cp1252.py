import codecs
