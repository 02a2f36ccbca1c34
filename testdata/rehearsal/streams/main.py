"""Standard output is taken apart before the first print."""
import contextlib
import io
import sys

original = sys.stdout


class Tee:
    def __init__(self, *streams):
        self.streams = streams

    def write(self, text):
        for stream in self.streams:
            stream.write(text)
        return len(text)

    def flush(self):
        for stream in self.streams:
            stream.flush()


memory = io.StringIO()
sys.stdout = Tee(original, memory)
captured = io.StringIO()
with contextlib.redirect_stdout(captured):
    print("captured")
    import chatty
original.reconfigure(line_buffering=True, errors="backslashreplace", newline="\r\n")
errors = io.TextIOWrapper(io.BytesIO(), "ascii", errors="replace", write_through=True)
sys.stderr, kept = errors, sys.stderr
print("into memory é", file=sys.stderr)
sys.stderr = kept
pending = io.BufferedWriter(io.BytesIO(), 5)
pending.write(b"abc")
print("first", end="")
print(" and more")
sys.stdout.write("no newline;")
original.buffer.write(b"bytes after flush?\n")
original.flush()
original.buffer.write(b"bytes\n")
print(repr(captured.getvalue()), repr(errors.buffer.getvalue()), repr(memory.getvalue()), pending.flush(), pending.raw.getvalue())
sys.stdout = sys.__stdout__
print(sys.stdout.errors, sys.stdout.line_buffering, sys.stdout is original, "\ud800")
sys.stdout.reconfigure(newline="\n", encoding="latin-1", errors="xmlcharrefreplace")
print("é€")
