import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import kv

alive = 0


class Counter(exports.counters.Counter):
    def __init__(self, start):
        global alive
        alive += 1
        self.value = start

    def __del__(self):
        global alive
        alive -= 1

    def step(self, by):
        self.value += by
        return self.value

    @classmethod
    def merge(cls, a, b):
        return cls(a.value + b.value)


class Counters(exports.Counters):
    def alive(self):
        return alive

    def total(self, counters):
        return sum(counter.value for counter in counters)


class WitWorld(wit_world.WitWorld):
    def run(self, input):
        match input:
            case "fail":
                raise Err("as asked")
            case "boom":
                return 1 // 0
            case "wrong":
                return "a string"
        with kv.Bucket(input) as bucket:
            bucket.set("a", b"1")
            bucket.set("ab", b"22")
            wit_world.log(f"{bucket.get('a')} {bucket.get('b')} {bucket.rights()}")
            try:
                bucket.get("")
            except Err as error:
                wit_world.log(f"no value: {error.value}")
            entries = kv.list_keys(bucket, kv.Query_Prefix("a"))
            wit_world.log(repr(entries))
            renamed = kv.rename(bucket, kv.Level.HIGH)
        try:
            bucket.get("a")
        except ValueError as error:
            wit_world.log(f"gone: {error}")
        count = sum(entry.count for entry in kv.list_keys(renamed, kv.Query_All()))
        del renamed
        try:
            kv.Bucket.open("missing")
        except Err as error:
            wit_world.log(f"not opened: {error.value}")
        return count

    def nested(self, value):
        return value
