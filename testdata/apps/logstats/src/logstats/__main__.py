"""The command line: `python -m logstats`."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from . import report
from .records import BadLine, Level, parse
from .summary import summarize


def arguments(argv):
    """The command line as argparse knows it."""
    parser = argparse.ArgumentParser(
        prog="logstats", description="Summarizes JSON log lines."
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="log files (default: standard input)")
    parser.add_argument("--level", choices=[level.name.lower() for level in Level], help="leave lower levels out")
    parser.add_argument("--clients", type=int, default=3, metavar="N", help="how many networks to list")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(argv)


def lines(files):
    """Every line with the place it stands at."""
    if not files:
        for number, line in enumerate(sys.stdin, start=1):
            yield f"<stdin>:{number}", line
    for file in files:
        with file.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                yield f"{file.as_posix()}:{number}", line


def main(argv=None):
    """Summarizes; returns 1 where no line was good."""
    options = arguments(argv)
    records, bad = [], 0
    try:
        for place, line in lines(options.files):
            if not line.strip():
                continue
            try:
                records.append(parse(line))
            except BadLine as error:
                print(f"{place}: {error}", file=sys.stderr)
                bad += 1
    except OSError as error:
        print(f"logstats: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1

    if options.level:
        threshold = Level[options.level.upper()]
        records = [record for record in records if record.level >= threshold]
    if not records:
        print("logstats: no records", file=sys.stderr)
        return 1

    summary = summarize(records, bad_lines=bad, clients=options.clients)
    if options.json:
        print(json.dumps(asdict(summary), indent=2, default=str))
    else:
        print(report.text(summary), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
