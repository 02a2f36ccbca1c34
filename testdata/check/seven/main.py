"""Seven packages with compiled code: which of them can run on WASI?"""

import os
import threading

import lxml.etree
import markupsafe
import numpy
import orjson
import yaml
from cryptography.fernet import Fernet
from pydantic import BaseModel

try:
    import ssl
except ImportError:
    ssl = None


class Point(BaseModel):
    x: float
    y: float


def work(text: str) -> str:
    point = Point(**yaml.safe_load(text))
    array = numpy.array([point.x, point.y])
    key = Fernet.generate_key()
    root = lxml.etree.fromstring("<r/>")
    return markupsafe.escape(orjson.dumps([array.sum(), key.decode(), root.tag]).decode())


if __name__ == "__main__":
    thread = threading.Thread(target=work, args=("{x: 1, y: 2}",))
    thread.start()
    thread.join()
    if hasattr(os, "fork"):
        os.fork()
    print(os.system("true"))
