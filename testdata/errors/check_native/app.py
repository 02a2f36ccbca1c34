import ssl

from colour import _fast

print(ssl, _fast)
