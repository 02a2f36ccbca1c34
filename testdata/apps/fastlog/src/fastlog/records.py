"""One line of JSON becomes one record of logstats."""

import json
from ipaddress import IPv4Address

from logstats.records import Level, Record
from logstats.records import parse as parse_any

try:
    from ._fast import extract_ip, normalize_level, parse_timestamp
except ImportError:
    from .pure import extract_ip, normalize_level, parse_timestamp

LEVELS = {int(level): level for level in Level}


def parse(line):
    """Reads one line. What is not as usual goes to logstats, which knows what is wrong with it."""
    try:
        data = json.loads(line)
        time = parse_timestamp(data["time"])
        client = extract_ip(data["client"])
        level = normalize_level(data.get("level", "info"))
        milliseconds = float(data["ms"])
        path = str(data["path"])
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return parse_any(line)
    if time is None or client is None or level is None:
        return parse_any(line)
    return Record(time, IPv4Address(client), LEVELS[level], path, milliseconds)
