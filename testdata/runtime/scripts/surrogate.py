# Bytes that are no UTF-8.
print('\udcff'.encode('utf-8','surrogateescape'))
import os
print(os.fsencode('\udcff'))
