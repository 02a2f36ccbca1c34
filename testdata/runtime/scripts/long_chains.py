# Long chains are freed, and nested comprehensions compile or fail, as natively.
import types


def method(self):
    pass


chain = None
for _ in range(100_000):
    chain = types.MethodType(method, chain or 1)
del chain
print("methods")

for depth in 10, 18, 19:
    source = "0"
    for level in range(depth):
        source = f"[{source} for x{level} in range(1)]"
    try:
        print(depth, len(eval(source)))
    except (SyntaxError, MemoryError, RecursionError) as error:
        print(depth, type(error).__name__, error)
