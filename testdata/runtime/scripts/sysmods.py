# Facts about the interpreter.
import sys
print(sys.implementation.name, sys.version_info[:2], sys.byteorder, sys.maxunicode, sys.float_info.max)
