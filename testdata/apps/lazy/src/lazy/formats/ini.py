"""Sections of keys and values; a record's `name` is its section."""

import configparser
import io


def loads(text):
    """Text to records."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return [{"name": name, **parser[name]} for name in parser.sections()]


def dumps(records):
    """Records to text."""
    parser = configparser.ConfigParser(interpolation=None)
    for record in records:
        parser[record["name"]] = {key: str(value) for key, value in record.items() if key != "name"}
    stream = io.StringIO()
    parser.write(stream)
    return stream.getvalue()
