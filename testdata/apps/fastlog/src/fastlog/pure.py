"""What the C module does, in Python: for an interpreter that lacks it.

Each function answers what is common, and None for all else, which the caller leaves to logstats.
"""

from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv4Address

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}


def parse_timestamp(text):
    """The moment that an ISO 8601 text names, in UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)


def extract_ip(text):
    """The number of an IPv4 address."""
    try:
        return int(IPv4Address(text))
    except AddressValueError:
        return None


def normalize_level(text):
    """The number of a level's name, in any case."""
    return LEVELS.get(text.upper())
