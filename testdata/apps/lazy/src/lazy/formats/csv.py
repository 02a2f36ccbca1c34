"""Comma-separated values, the first row naming the fields."""

# The standard library's module of the same name: imports are absolute.
import csv
import io


def loads(text):
    """Text to records."""
    return list(csv.DictReader(io.StringIO(text)))


def dumps(records):
    """Records to text."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue()
