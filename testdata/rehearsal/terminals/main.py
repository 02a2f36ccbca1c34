"""Asks whether streams are terminals, and prints later."""
import os
import sys
import getpass

colour = sys.stdout.isatty()
by_number = [os.isatty(number) for number in range(3)]
interactive = sys.stdin.isatty() and sys.stderr.isatty()
if colour:
    import pretty as output
else:
    import plain as output
modes = sys.stdout.line_buffering, sys.stderr.line_buffering, sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors
stdin = sys.stdin
numbers = [stream.fileno() for stream in (sys.stdin, sys.stdout, sys.stderr)]
names = [stream.name for stream in (sys.stdin, sys.stdout, sys.stderr)]
output.show(colour, by_number, interactive)
print(modes, numbers, names, sys.stdin.readline(), stdin.read())
