"""Keeps the list of arguments before it reads them, puts its own in it, and replaces it."""
import argparse
import sys
from sys import argv as third

saved = sys.argv


def main(argv=sys.argv):
    return argv


class Holder:
    args = sys.argv


parser = argparse.ArgumentParser(prog="program")
parser.add_argument("--number", type=int, default=1)
parser.add_argument("rest", nargs="*")
import keeps

parsed = parser.parse_args()
if parsed.rest:
    import with_rest as chosen
else:
    import without_rest as chosen
print(parsed, chosen.__name__, main() is sys.argv, saved is sys.argv, Holder.args is third, keeps.kept is third, type(sys.argv) is list)
sys.argv.insert(1, "inserted")
first, *rest = sys.argv
print(rest, len(third), "inserted" in Holder.args)
sys.argv = ["own", "x"]
print(sys.argv, main()[1:], keeps.kept is sys.argv)
