"""A summary becomes text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .summary import Summary


def bar(count: int, total: int, width: int = 20) -> str:
    """A bar as long as a share of the whole, one mark at least."""
    return "#" * max(1, round(width * count / total))


def rows(summary: Summary) -> Iterator[str]:
    """The report, line by line."""
    timing = summary.timing
    yield f"{summary.records} records, {summary.bad_lines} bad lines"
    yield f"from {summary.first:%a %d %b %Y %H:%M:%S} to {summary.last:%H:%M:%S %Z} ({summary.span})"
    yield f"busiest hour: {summary.busiest_hour.isoformat(timespec='minutes')}"
    yield "levels:"
    for level, count in summary.levels.items():
        yield f"  {level:<8} {count:>4} {count / summary.records:>6.1%} {bar(count, summary.records)}"
    yield f"clients ({summary.private_clients} private):"
    for network, count in summary.networks.items():
        yield f"  {network:<24} {count:>4}"
    yield textwrap.dedent(f"""\
        milliseconds:
          mean {timing.mean:,.1f} +- {timing.deviation:,.1f}
          p50  {timing.p50:,.1f}
          p90  {timing.p90:,.1f}
          p99  {timing.p99:,.1f}  ({timing.slowest})""")


def text(summary: Summary) -> str:
    """The whole report."""
    return "".join(f"{row}\n" for row in rows(summary))
