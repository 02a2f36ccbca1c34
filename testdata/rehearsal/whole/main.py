"""Imports modules, reads files and looks up codecs that no statement names."""
import importlib
import logging.config
import pickle
import pkgutil
import unittest
from importlib import metadata, resources

import dyn
import lister
import loads
import plugs
import shop

print(sorted(info.name for info in pkgutil.iter_modules(plugs.__path__)))
for info in pkgutil.iter_modules(plugs.__path__):
    print(info.name, importlib.import_module(f"plugs.{info.name}").VALUE)
print([shop.write(name) for name in ("plain", "loud")])
print(shop.area(3, 4), shop.extra.twice(2))
print(sorted(kind.__name__ for kind in shop.handlers.known()))
print(shop.by_path("csv")(), shop.by_path("xml")())
page = resources.files("shop") / "page"
print(sorted(part.name for part in page.iterdir()), (page / "start.py").read_text().strip())
print(loads.optional("fractions").Fraction(1, 2), loads.optional("absent"))
print(dyn.get("one"), dyn.listed(), dyn.by_level("two"))
suite = unittest.defaultTestLoader.loadTestsFromName("checks.test_shop")
print(suite.countTestCases())
logging.config.dictConfig({
    "version": 1,
    "formatters": {"loud": {"()": "logs.Loud"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "loud"}},
    "root": {"level": "INFO", "handlers": ["out"]},
})
logging.getLogger("whole").info("quiet")
print(pickle.loads(b"\x80\x02cdecimal\nDecimal\nq\x00X\x03\x00\x00\x001.5q\x01\x85q\x02Rq\x03."))
CODECS = {"dos": "cp437", "mac": "mac_roman", "jp": "shift_jis"}
print([ascii(text.decode(CODECS[kind])) for kind, text in (("dos", b"\x81"), ("mac", b"\x80"), ("jp", b"\x82\xa0"))])
print(metadata.version("whole"), metadata.metadata("whole")["Summary"])
print([point.load() for point in metadata.entry_points(group="whole.parts")])
print(sorted(point.name for point in metadata.entry_points(group=f"dyn.{'kinds'}")))
print(lister.KINDS)
