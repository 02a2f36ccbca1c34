"""Memory without an end, at once and bit by bit. The program goes on after each."""
import array
import collections
import io
import itertools

HUGE = 2**40


def grow(container, put, item):
    """Puts an item in for ever."""

    def call():
        target = container()
        add = getattr(target, put)
        while True:
            add(item)

    return call


def grow_list():
    items = []
    while True:
        items.append(object())


def grow_nested():
    value = ()
    while True:
        value = (value, bytes(4096))


def grow_dict():
    items = {}
    for number in itertools.count():
        items[number] = str(number)


def grow_set():
    set(map(str, itertools.count()))


def grow_text():
    text = "x" * 1000
    while True:
        text += text


def grow_bytes():
    data = bytearray(b"x")
    while True:
        data += data


def grow_integer():
    number = 2
    while True:
        number <<= 2**24


def grow_file():
    with io.BytesIO() as file:
        while True:
            file.write(bytes(2**20))


def grow_text_file():
    with io.StringIO() as file:
        while True:
            file.write("x" * 2**20)


def grow_functions():
    functions = []
    while True:
        functions.append(lambda: functions)


def grow_classes():
    classes = []
    while True:
        classes.append(type("Made", (), {"data": bytearray(2**16)}))


def grow_generators():
    waiting = []
    while True:
        waiting.append(iter(bytearray(2**12)))


def grow_frames():
    """Memory runs out far down in calls."""

    def deeper(held):
        return deeper((held, bytearray(2**20)))

    import sys

    sys.setrecursionlimit(10**8)
    return deeper(())


def grow_exception():
    """Memory runs out while an exception is handled."""
    try:
        raise ValueError
    except ValueError:
        grow_list()


def grow_queue():
    waiting = collections.deque()
    while True:
        waiting.append(bytearray(2**12))


def grow_counter():
    counter = collections.Counter()
    for number in itertools.count():
        counter[str(number)] += 1


CASES = {
    "bytearray 2**31": lambda: bytearray(2**31),
    "bytes 2**31": lambda: bytes(2**31 - 1),
    "bytes 2**40": lambda: bytes(HUGE),
    "str * 2**40": lambda: "x" * HUGE,
    "str * 2**31": lambda: "x" * (2**31 - 1),
    "wide str": lambda: "\U0001f600" * 2**30,
    "list * 10**10": lambda: [0] * 10**10,
    "list * 2**29": lambda: [0] * 2**30,
    "tuple * 10**10": lambda: (0,) * 10**10,
    "list of range": lambda: list(range(10**10)),
    "tuple of range": lambda: tuple(range(10**10)),
    "bytes of range": lambda: bytes(itertools.repeat(0)),
    "join": lambda: ",".join(["x" * 2**20] * 2**12),
    "bytes join": lambda: b",".join([bytes(2**20)] * 2**12),
    "replace": lambda: ("x" * 2**20).replace("x", "y" * 2**20),
    "ljust": lambda: "x".ljust(HUGE),
    "zfill": lambda: "1".zfill(2**31 - 1),
    "expandtabs": lambda: ("\t" * 2**10).expandtabs(2**30),
    "translate": lambda: ("x" * 2**20).translate({120: "y" * 2**16}),
    "array": lambda: array.array("d", [0.0]) * HUGE,
    "deque": lambda: collections.deque([0]) * HUGE,
    "repeat": lambda: list(itertools.repeat(0)),
    "product": lambda: list(itertools.product(range(10**7), repeat=10**6)),
    "permutations": lambda: list(itertools.permutations(range(50))),
    "format": lambda: format(1, f"{HUGE}d"),
    "file": grow_file,
    "text file": grow_text_file,
    "list": grow_list,
    "nested": grow_nested,
    "dict": grow_dict,
    "set": grow_set,
    "text": grow_text,
    "bytes": grow_bytes,
    "integer": grow_integer,
    "functions": grow_functions,
    "classes": grow_classes,
    "generators": grow_generators,
    "frames": grow_frames,
    "exception": grow_exception,
    "queue": grow_queue,
    "counter": grow_counter,
    "memoryview": lambda: memoryview(bytearray(2**28)).tolist(),
    "encode": lambda: ("x" * 2**29).encode("utf-32"),
}
