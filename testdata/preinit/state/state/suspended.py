"""Things that stopped in the middle at import and go on at start."""
import asyncio
import bz2
import collections
import csv
import hashlib
import io
import itertools
import lzma
import random
import re
import sqlite3
import struct
import zlib


# It says nothing when it is closed: whether that is before or after the objects of `ends` depends on when the collector ran.
def numbers():
    received = yield "first"
    while True:
        received = yield f"got {received}"


GENERATOR = numbers()
next(GENERATOR)
GENERATOR.send("at import")
COUNT = itertools.count(10)
next(COUNT)
CYCLE = itertools.cycle("abc")
next(CYCLE)
MAPPED = map(str.upper, ["a", "b", "c"])
next(MAPPED)
HASHES = [hashlib.new(name, b"start ") for name in ("sha256", "md5", "sha1", "sha3_256", "blake2b")]
SEEDED = random.Random(5)
SEEDED.random()
COMPRESSORS = [zlib.compressobj(), bz2.BZ2Compressor(), lzma.LZMACompressor()]
FRONTS = [compressor.compress(b"front " * 1000) for compressor in COMPRESSORS]
DECOMPRESSOR = zlib.decompressobj()
DECOMPRESSED = DECOMPRESSOR.decompress(zlib.compress(b"x" * 100_000)[:50])
DATABASE = sqlite3.connect(":memory:")
DATABASE.execute("create table t (a integer primary key, b text)")
DATABASE.executemany("insert into t values (?, ?)", [(number, f"row {number}") for number in range(100)])
DATABASE.commit()
TABLE = io.StringIO()
WRITER = csv.writer(TABLE)
WRITER.writerow(["a", "b"])
PATTERN = re.compile(r"(?P<word>\w+)-(\d+)")
SCANNER = PATTERN.finditer("a-1 b-2 c-3")
next(SCANNER)
PACKED = struct.Struct("<ihb")
QUEUE = asyncio.Queue()
QUEUE.put_nowait("at import")
LOCK = asyncio.Lock()
DEQUE = collections.deque([1, 2, 3], maxlen=3)


def check_suspended():
    print(GENERATOR.send("at start"), next(COUNT), next(CYCLE), list(MAPPED), SEEDED.random(), SEEDED.randint(1, 1000))
    for digest in HASHES:
        digest.update(b"end")
        print(digest.name, digest.hexdigest())
    DEQUE.append(4)
    print(DEQUE, [match["word"] for match in SCANNER], PACKED.pack(1, 2, 3))
    WRITER.writerow([1, "x,y"])
    print(repr(TABLE.getvalue()))


def check_compressed():
    for module, compressor, front in zip((zlib, bz2, lzma), COMPRESSORS, FRONTS):
        data = front + compressor.compress(b"back") + compressor.flush()
        print(module.__name__, module.decompress(data) == b"front " * 1000 + b"back")
    rest = DECOMPRESSOR.decompress(zlib.compress(b"x" * 100_000)[50:])
    print(DECOMPRESSED + rest == b"x" * 100_000)


def check_database():
    print(DATABASE.execute("select count(*), sum(a), max(b) from t").fetchone())
    DATABASE.execute("insert into t (b) values ('late')")
    DATABASE.commit()
    print(DATABASE.execute("select * from t order by a desc limit 2").fetchall())
    with sqlite3.connect(":memory:") as other:
        print(other.execute("select 1 + 1").fetchone())
    other.close()
    DATABASE.close()


async def worker(name, delay):
    await asyncio.sleep(delay)
    async with LOCK:
        return name


async def whole():
    first = await QUEUE.get()
    results = await asyncio.gather(worker("slow", 0.02), worker("fast", 0.01))
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError:
        results.append("timeout")
    loop = asyncio.get_running_loop()
    return first, results, 0 <= loop.time() - loop.time() + 1 <= 1


def check_asyncio():
    print(asyncio.run(whole()))
    print(asyncio.run(worker("again", 0)))
