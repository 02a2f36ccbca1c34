"""Times the C module against the same in Python: `python -m fastlog.bench [LINES]`.

Prints nanoseconds a call: the function, in Python, in C, and the ratio. All stand in the same run, in turns.
"""

import json
import sys
import time

from logstats.records import parse as parse_pure

from . import _fast, pure, records


def lines(number):
    """A log that is the same each time."""
    levels = ["debug", "info", "info", "Warning", "ERROR"]
    for i in range(number):
        yield json.dumps(
            {
                "time": f"2026-03-{1 + i % 28:02}T{i % 24:02}:{i * 7 % 60:02}:{i * 13 % 60:02}.{i * 37 % 1000:03}+02:00",
                "client": f"10.{i % 7}.{i % 200}.{i % 251}",
                "level": levels[i % 5],
                "ms": i % 997 / 8,
                "path": f"/item/{i % 50}",
            }
        )


def timed(function, arguments):
    """The nanoseconds that a call takes, at best of five rounds."""
    best = None
    for _ in range(5):
        start = time.perf_counter_ns()
        for argument in arguments:
            function(argument)
        taken = time.perf_counter_ns() - start
        best = taken if best is None else min(best, taken)
    return best / len(arguments)


def main(number=20_000):
    """Prints the table."""
    log = list(lines(number))
    data = [json.loads(line) for line in log]
    work = [
        ("parse_timestamp", pure.parse_timestamp, _fast.parse_timestamp, [row["time"] for row in data]),
        ("extract_ip", pure.extract_ip, _fast.extract_ip, [row["client"] for row in data]),
        ("normalize_level", pure.normalize_level, _fast.normalize_level, [row["level"] for row in data]),
        ("a whole line", parse_pure, records.parse, log),
    ]
    print(f"{'ns a call':<16} {'Python':>9} {'C':>9} {'ratio':>7}")
    for name, slow, fast, arguments in work:
        if [slow(argument) for argument in arguments] != [fast(argument) for argument in arguments]:
            sys.exit(f"{name}: C and Python differ")
        before, after = timed(slow, arguments), timed(fast, arguments)
        print(f"{name:<16} {before:>9.0f} {after:>9.0f} {before / after:>6.1f}x")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
