"""Both streams, in the order of their buffers."""
import sys

sys.stdout.write("a")
sys.stderr.write("b")
import second

sys.stdout.write("e\n")
print("f", file=sys.stderr)
sys.stdout.flush()
