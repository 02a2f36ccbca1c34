"""Memory behind the snapshot: growth, the collector, what is freed of what was there."""
import gc
import weakref


class Node:
    def __init__(self):
        self.me = self


BLOCKS = [bytearray(1000) for _ in range(1000)]
STRAIGHT = [object() for _ in range(100)]


def check_large():
    block = bytearray(150_000_000)
    block[-1] = 7
    print(len(block), block[-1], block[75_000_000])
    del block
    for size in (10, 1000, 100_000, 10_000_000):
        blocks = [bytes([size % 256]) * size for _ in range(20)]
        print(all(block[0] == block[-1] == size % 256 for block in blocks))
    numbers = {number: str(number) for number in range(300_000)}
    print(numbers[299_999], len(numbers))
    BLOCKS.clear()
    print(all(not any(bytearray(1000)) for _ in range(2000)))


def check_collector():
    gc.collect()
    references = []
    for _ in range(100):
        references.append(weakref.ref(Node()))
    print(gc.collect() >= 100, all(reference() is None for reference in references))
    print(gc.isenabled(), gc.get_threshold(), len(gc.get_objects()) > 10, gc.garbage)
    kept = Node()
    print(any(item is kept for item in gc.get_objects()), len(gc.get_referrers(kept)) > 0)
    phases = []
    gc.callbacks.append(lambda phase, info: phases.append(phase))
    gc.collect()
    gc.callbacks.clear()
    print(phases)


def check_collector_by_itself():
    """Cycles go without being asked for, and memory does not grow with them."""
    freed = []

    class Loud(Node):
        def __del__(self):
            freed.append(1)

    for _ in range(100_000):
        Loud()
    print(len(freed) > 80_000)
