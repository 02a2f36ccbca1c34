import sys

sys.stdout.write("c")
sys.stderr.write("d")
