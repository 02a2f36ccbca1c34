# reconfigure() of a stream.
import sys
sys.stdout.reconfigure(line_buffering=True)
print('x')
print('y', file=sys.stderr)
