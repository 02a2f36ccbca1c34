"""The command line: names of shows, run one after the other."""

import asyncio
import sys

from .shows import SHOWS


def main():
    """Runs the shows that the arguments name, in one event loop."""
    names = sys.argv[1:] or ["order"]
    unknown = [name for name in names if name not in SHOWS]
    if unknown:
        sys.exit(f"asyncpipe: unknown: {', '.join(unknown)}; there are: {', '.join(SHOWS)}")
    if len(names) == 1:
        return asyncio.run(SHOWS[names[0]]())
    with asyncio.Runner() as runner:
        for name in names:
            print(f"-- {name}")
            runner.run(SHOWS[name]())
