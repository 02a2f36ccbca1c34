"""The command line: `python -m fastlog`, which is that of logstats."""

import sys

from logstats import __main__ as logstats

from . import records


def main(argv=None):
    """Runs logstats with another parser."""
    logstats.parse = records.parse
    return logstats.main(argv)


if __name__ == "__main__":
    sys.exit(main())
