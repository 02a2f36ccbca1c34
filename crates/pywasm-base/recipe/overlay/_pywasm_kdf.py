"""Keys from passwords, for `hashlib`: PBKDF2 (RFC 8018) over any hash of hashlib, and scrypt (RFC 7914)."""
import _pywasm_scrypt


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    import hashlib

    if not isinstance(hash_name, str):
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {type(hash_name).__name__}")
    try:
        new = hashlib.new(hash_name)
    except ValueError:
        raise ValueError(f"unsupported hash type {hash_name}") from None
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    if dklen is None:
        dklen = new.digest_size
    if dklen < 1:
        raise ValueError("key length must be greater than 0.")
    password, salt = bytes(memoryview(password)), bytes(memoryview(salt))
    if len(password) > new.block_size:
        password = hashlib.new(hash_name, password).digest()
    password = password.ljust(new.block_size, b"\0")
    inner, outer = new.copy(), new.copy()
    inner.update(password.translate(bytes(byte ^ 0x36 for byte in range(256))))
    outer.update(password.translate(bytes(byte ^ 0x5C for byte in range(256))))

    def keyed(message):
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    key, size, read = b"", new.digest_size, int.from_bytes
    for block in range(1, -(-dklen // size) + 1):
        last = keyed(salt + block.to_bytes(4, "big"))
        total = read(last, "big")
        for _ in range(iterations - 1):
            last = keyed(last)
            total ^= read(last, "big")
        key += total.to_bytes(size, "big")
    return key[:dklen]


def scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64):
    for value, name in (salt, "salt"), (n, "n"), (r, "r"), (p, "p"):
        if value is None:
            raise TypeError(f"{name} is required")
    if n < 2 or n & n - 1:
        raise ValueError("n must be a power of 2.")
    if r < 1 or p < 1 or maxmem < 0 or dklen < 1:
        raise ValueError("r, p, maxmem or dklen is out of range")
    needed = 128 * r * (n + p + 2)
    if needed > (maxmem or 32 << 20):
        raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
    blocks = pbkdf2_hmac("sha256", password, salt, 1, p * 128 * r)
    size = 128 * r
    mixed = [_pywasm_scrypt.mix(blocks[at : at + size], n, r) for at in range(0, len(blocks), size)]
    return pbkdf2_hmac("sha256", password, b"".join(mixed), 1, dklen)
