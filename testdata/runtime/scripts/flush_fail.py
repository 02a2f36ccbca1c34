# Output that cannot be flushed: code 120.
import sys, io
class W(io.RawIOBase):
    def writable(self): return True
    def write(self, b): raise OSError(5, 'no')
sys.stdout = io.TextIOWrapper(io.BufferedWriter(W()))
print('x')
