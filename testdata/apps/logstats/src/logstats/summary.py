"""Records become numbers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from .records import Record


@dataclass(frozen=True)
class Timing:
    """How long requests took, in milliseconds."""

    mean: float
    deviation: float
    p50: float
    p90: float
    p99: float
    slowest: str

    @classmethod
    def of(cls, records: Sequence[Record]) -> Timing:
        """The timing of at least one record."""
        times = [record.milliseconds for record in records]
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        slowest = max(records, key=lambda record: record.milliseconds)
        return cls(
            mean=round(statistics.fmean(times), 3),
            deviation=round(statistics.pstdev(times), 3),
            p50=round(statistics.median(times), 3),
            p90=round(cuts[89], 3),
            p99=round(cuts[98], 3),
            slowest=slowest.path,
        )


@dataclass(frozen=True)
class Summary:
    """What a log says."""

    records: int
    bad_lines: int
    first: datetime
    last: datetime
    span: timedelta
    busiest_hour: datetime
    levels: dict[str, int]
    networks: dict[str, int]
    private_clients: int
    timing: Timing


def network(record: Record) -> str:
    """The network that a client belongs to: /24 for IPv4, /48 for IPv6."""
    prefix = 24 if record.client.version == 4 else 48
    return str(ip_network((record.client, prefix), strict=False))


def ranked(counter: Counter, number: int) -> dict:
    """The most frequent keys; ties in the keys' own order."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:number])


def summarize(records: Sequence[Record], *, bad_lines: int, clients: int) -> Summary:
    """The summary of at least one record."""
    records = sorted(records)
    first, last = records[0].time, records[-1].time
    hours = Counter(record.time.replace(minute=0, second=0, microsecond=0) for record in records)
    levels = Counter(record.level for record in records)
    return Summary(
        records=len(records),
        bad_lines=bad_lines,
        first=first,
        last=last,
        span=last - first,
        busiest_hour=next(iter(ranked(hours, 1))),
        levels={level.name.lower(): levels[level] for level in sorted(levels, reverse=True)},
        networks=ranked(Counter(map(network, records)), clients),
        private_clients=len({record.client for record in records if record.client.is_private}),
        timing=Timing.of(records),
    )
