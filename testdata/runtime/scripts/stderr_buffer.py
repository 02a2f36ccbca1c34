# Encodings and buffering of the standard streams.
import sys
print(sys.stdout.encoding, sys.stderr.encoding, sys.stdin.encoding, sys.stderr.errors, sys.stdout.line_buffering, sys.stderr.line_buffering, sys.stdout.write_through)
