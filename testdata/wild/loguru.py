"""Logs to a sink, to a file with a rotation, with context, levels, filters, JSON and a caught exception."""

import pathlib
import sys
import tempfile

from loguru import logger

logger.remove()
logger.add(sys.stdout, format="{level: <8} {name}:{function}:{line} {message} {extra}", colorize=False)
logger.info("hello {}, {key}", "you", key="value")
logger.bind(user="ann").warning("bound")
with logger.contextualize(task=7):
    logger.debug("in context")


@logger.catch(reraise=False, default=-1)
def divide(a, b):
    return a / b


logger.remove()
lines = []
logger.add(lambda message: lines.append(message.record["exception"].type.__name__), level="ERROR")
print(divide(1, 0), lines)
logger.remove()
logger.level("NOTICE", no=22, color="<blue>")
path = pathlib.Path(tempfile.mkdtemp()) / "app.log"
number = logger.add(str(path), format="{level} {message}", rotation="100 B", filter=lambda record: "no" not in record["message"])
for i in range(3):
    logger.log("NOTICE", f"line {i}")
logger.info("no")
logger.remove(number)
print(path.read_text())
logger.add(sys.stdout, serialize=True, format="{message}", level="CRITICAL")
logger.patch(lambda record: record["extra"].update(x=1)).trace("hidden")
logger.opt(colors=True, lazy=True).info("never {}", lambda: 1 // 0)
print(logger.level("NOTICE").no, sorted(p.name for p in path.parent.glob("app*.log")))
