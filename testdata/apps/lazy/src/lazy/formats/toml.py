"""An array of tables; read only."""

import tomllib


def loads(text):
    """Text to records."""
    return tomllib.loads(text)["record"]
