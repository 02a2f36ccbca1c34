"""The standard streams, by names that were bound at import."""
import io
import sys
from sys import stderr, stdin, stdout

IDS = id(sys.stdin), id(sys.stdout), id(sys.stderr)
BUFFER = sys.stdout.buffer
write = sys.stdout.write
BYTES = io.BytesIO(b"one\ntwo\n")
BYTES.readline()
TEXT = io.StringIO()
TEXT.write("before ")


def say(*words, file=sys.stdout):
    print(*words, file=file)


def check_streams():
    print(IDS == (id(sys.stdin), id(sys.stdout), id(sys.stderr)), stdout is sys.stdout is sys.__stdout__)
    for stream in (stdin, stdout, stderr):
        print(stream.fileno(), stream.name, stream.mode, stream.encoding, stream.errors, stream.closed)
        print(stream.line_buffering, stream.write_through, stream.newlines, stream.isatty(), stream.readable(), stream.writable())
        print(type(stream.buffer).__name__, type(stream.buffer.raw).__name__, stream.buffer.name, stream.buffer.raw.name, stream.buffer.raw.mode)
    say("by a default argument")
    write("by a bound method\n")
    sys.stdout.flush()
    BUFFER.write(b"bytes\n")
    BUFFER.flush()
    print("to stderr", file=stderr)
    with_umlaut = "grüße \N{SNOWMAN}"
    print(with_umlaut, len(with_umlaut))


def check_reads():
    print(stdin.readline(), end="")
    print(repr(input("prompt> ")))
    print(stdin.buffer.readline(), next(stdin, "end"))
    print(ascii(sys.stdin.read()), ascii(stdin.read()))


def check_bytes():
    print(stdin.buffer.read())


def check_order():
    """Standard error and output go to one file: the order is that of CPython's buffers."""
    for number in range(3):
        print("out", number)
        print("err", number, file=sys.stderr)
    sys.stdout.flush()
    print("unflushed", end="")
    stderr.write("partial")


def check_seeks():
    """Standard output is a file."""
    print(stdout.seekable(), stdout.buffer.seekable(), stdout.isatty(), stdout.line_buffering, file=stderr)
    print("abc")
    stdout.flush()
    print(stdout.buffer.tell(), file=stderr)
    stdout.seek(0)
    print("X", end="")


def check_replaced():
    old, sys.stdout = sys.stdout, io.StringIO()
    print("kept")
    text, sys.stdout = sys.stdout.getvalue(), old
    print(repr(text), BYTES.read(), TEXT.getvalue() + "after", BYTES.closed)


def check_closed_output():
    print("before")
    sys.stdout.close()
