"""What the program has set itself is not made new."""
import logging
import multiprocessing
import random
import tempfile
import uuid
import wsgiref.handlers
import zoneinfo

tempfile.tempdir = "/own"
multiprocessing.current_process().authkey = b"own key"
zoneinfo.reset_tzpath(["/zones"])
uuid._node = 0x1234
wsgiref.handlers.BaseHandler.os_environ = {"OWN": "1"}
logging._startTime = 5
random.seed(42)
state = random.getstate()
first = random.random()
own = random.Random(7)
own.random()
original_seed = random.seed
random.seed = lambda *arguments: print("seeded", arguments)
print("stop")
print(tempfile.gettempdir(), tempfile.tempdir, bytes(multiprocessing.current_process().authkey), zoneinfo.TZPATH, uuid.getnode())
print(wsgiref.handlers.BaseHandler.os_environ, logging._startTime, random.random(), own.random(), first)
random.setstate(state)
print(random.random() == first, random.sample(range(100), 5), random._inst.__class__.__name__, type(random._inst) is random.Random)
