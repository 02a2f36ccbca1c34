"""The modules that many programs import. tests/suite/preinit/sizes.rs holds the size of the snapshot."""
import asyncio
import dataclasses
import datetime
import json
import logging
import re
import typing


@dataclasses.dataclass
class Item:
    name: str
    tags: typing.List[str]


async def main():
    logging.basicConfig(format="%(levelname)s %(message)s")
    item = Item("one", re.findall(r"\w+", "a, b"))
    logging.warning("at %s", datetime.date(2026, 3, 1))
    return json.dumps(dataclasses.asdict(item))


print(asyncio.run(main()))
