"""Logging from a dict that stands in JSON, and from an INI file."""

import json
import logging
import logging.config
import os

JSON = """{"version": 1, "disable_existing_loggers": false,
    "formatters": {"short": {"()": "applog.handlers.Short"},
        "long": {"format": "%(levelname)s %(name)s %(message)s"},
        "named": {"class": "logging.Formatter", "format": "named %(message)s"}},
    "filters": {"only": {"()": "applog.handlers.Only", "word": "x"}},
    "handlers": {"loud": {"class": "applog.handlers.Loud", "formatter": "short"},
        "file": {"class": "logging.handlers.RotatingFileHandler", "filename": "/tmp/named-modules.log",
            "maxBytes": 1000, "backupCount": 1, "formatter": "long"},
        "memory": {"class": "logging.handlers.MemoryHandler", "capacity": 10, "target": "out"},
        "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "named",
            "filters": ["only"]}},
    "loggers": {"shop": {"handlers": ["loud", "file", "memory"], "level": "INFO", "propagate": false}},
    "root": {"handlers": ["out"], "level": "WARNING"}}"""

INI = """
[loggers]
keys=root,shop
[handlers]
keys=out,loud,file
[formatters]
keys=plain,short
[logger_root]
level=NOTSET
handlers=out
[logger_shop]
level=DEBUG
handlers=loud,file
propagate=0
qualname=shop
[handler_out]
class=StreamHandler
args=(sys.stdout,)
formatter=plain
[handler_loud]
class=applog.handlers.Loud
formatter=short
args=()
[handler_file]
class=handlers.TimedRotatingFileHandler
args=("/tmp/named-modules-ini.log", "D", 1)
formatter=plain
[formatter_plain]
format=%(name)s|%(message)s
[formatter_short]
class=applog.handlers.Short
"""


def close():
    for name in ("shop", None):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            handler.close()
            logger.removeHandler(handler)


def show(path):
    with open(path) as file:
        print(file.read())
    os.remove(path)


def run():
    logging.config.dictConfig(json.loads(JSON))
    logging.getLogger("shop").info("x hello")
    logging.getLogger("other").warning("x there")
    close()
    show("/tmp/named-modules.log")
    with open("/tmp/named-modules.ini", "w") as file:
        file.write(INI)
    logging.config.fileConfig("/tmp/named-modules.ini", disable_existing_loggers=False)
    logging.getLogger("shop").info("from ini")
    logging.getLogger("other").info("root")
    close()
    show("/tmp/named-modules-ini.log")
    os.remove("/tmp/named-modules.ini")
