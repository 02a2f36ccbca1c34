"""A list of objects."""

import json


def loads(text):
    """Text to records."""
    return json.loads(text)


def dumps(records):
    """Records to text."""
    return json.dumps(records, indent=1, sort_keys=True) + "\n"
