"""What a package is given after the snapshot, and does something at its end without a destructor of the program's."""
import asyncio
import gzip
import io
import os
import re
import sys
import warnings
import zipfile

import package


class WithoutAddresses:
    """Standard error, in which objects have no addresses. The last lines come when the module is empty."""

    def __init__(self, stream=sys.stderr, replace=re.compile(r"0x[0-9a-f]+").sub):
        self.stream = stream
        self.replace = replace

    def write(self, text):
        return self.stream.write(self.replace("...", text))

    def flush(self):
        self.stream.flush()


class Output(io.RawIOBase):
    def __init__(self, say=print):
        self.say = say

    def writable(self):
        return True

    def write(self, data):
        self.say("written", len(data) > 0)
        return len(data)


async def nothing():
    pass


async def fail():
    future = asyncio.get_running_loop().create_future()
    future.set_exception(ValueError("lost"))
    return future


sys.stderr = sys.__stderr__ = WithoutAddresses()
with warnings.catch_warnings(record=True):
    # C code goes by the last filters that it saw, and looks no more when modules have ended.
    warnings.simplefilter("always")
    warnings.warn("recorded")
print("started")
match os.environ.get("HELD"):
    case "coroutine":
        package.held = nothing()
    case "future":
        package.held = asyncio.run(fail())
    case "file":
        package.held = io.FileIO(os.devnull)
    case "archive":
        package.held = zipfile.ZipFile(Output(), "w")
    case "compressed":
        package.held = gzip.GzipFile(fileobj=Output(), mode="w")
print("end")
