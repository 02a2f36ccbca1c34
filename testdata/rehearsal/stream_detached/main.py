import codecs
import io
import sys

sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="ascii", errors="namereplace", line_buffering=False)
sys.stderr = codecs.getwriter("utf-8")(sys.stderr.buffer)
names = sys.stdout.name, sys.stdout.mode if hasattr(sys.stdout, "mode") else "none", sys.stdout.buffer.raw.closefd
import json

print("text é", names)
sys.stderr.write("errors é\n")
print(sys.__stdout__ is sys.stdout, sys.stdout.buffer.raw.name)
print("x" * 10, flush=True)
sys.stdout.buffer.raw.write(b"raw\n")
