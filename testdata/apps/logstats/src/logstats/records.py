"""One line of JSON becomes one typed record."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address


class Level(enum.IntEnum):
    """The levels, lowest first."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


class BadLine(ValueError):
    """A line that is no record, and why."""


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """A request as it was logged."""

    time: datetime
    client: IPv4Address | IPv6Address = field(compare=False)
    level: Level = field(compare=False)
    path: str = field(compare=False)
    milliseconds: float = field(compare=False)


def parse(line: str) -> Record:
    """Reads one line; raises `BadLine` with the first thing that is wrong."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadLine(f"not JSON at column {error.colno}: {error.msg}") from error
    if not isinstance(data, dict):
        raise BadLine(f"not an object but {type(data).__name__}")
    try:
        time = datetime.fromisoformat(data["time"])
        client = ip_address(data["client"])
        level = Level[data.get("level", "info").upper()]
        milliseconds = float(data["ms"])
        path = str(data["path"])
    except KeyError as error:
        raise BadLine(f"missing or unknown: {error.args[0]}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadLine(str(error)) from error
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return Record(time.astimezone(UTC), client, level, path, milliseconds)
