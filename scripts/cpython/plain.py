"""Makes a plain `python` of a base.

In:  the bytes of `base.wasm`, which exports that command line as `pywasm_python` (see docs/internals/base-abi.md).
Out: a module that exports it as `_start`, so that an engine runs it.
"""

EXPORTS = 7
CUSTOM = 0


def make_command(module):
    made, at = [module[:8]], 8
    while at < len(module):
        kind = module[at]
        size, start = read_number(module, at + 1)
        at = start + size
        body = module[start:at]
        if kind == EXPORTS:
            body = rename(body)
        # Names and relocations are of no use here.
        if kind != CUSTOM:
            made += [bytes([kind]), write_number(len(body)), body]
    return b"".join(made)


def rename(exports):
    count, at = read_number(exports, 0)
    kept = []
    for _ in range(count):
        size, start = read_number(exports, at)
        name = exports[start : start + size]
        _, end = read_number(exports, start + size + 1)
        item = exports[start + size : end]
        at = end
        if name != b"_start":
            name = b"_start" if name == b"pywasm_python" else name
            kept.append(write_number(len(name)) + name + item)
    return write_number(len(kept)) + b"".join(kept)


def read_number(data, at):
    """An unsigned LEB128, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def write_number(value):
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
