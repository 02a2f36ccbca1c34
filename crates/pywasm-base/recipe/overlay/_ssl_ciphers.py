"""The cipher suites that `ssl` contexts name. In: OpenSSL's words for a selection. Out: names, and what is known of each."""

# Number, name, key exchange, who is authenticated, encryption as `description` and as `symmetric` spell it, bits, digest.
_SUITES = (
    (0x1302, "TLS_AES_256_GCM_SHA384", "any", "any", "AESGCM", "aes-256-gcm", 256, None),
    (0x1303, "TLS_CHACHA20_POLY1305_SHA256", "any", "any", "CHACHA20/POLY1305", "chacha20-poly1305", 256, None),
    (0x1301, "TLS_AES_128_GCM_SHA256", "any", "any", "AESGCM", "aes-128-gcm", 128, None),
    (0xC02C, "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDH", "ECDSA", "AESGCM", "aes-256-gcm", 256, None),
    (0xC030, "ECDHE-RSA-AES256-GCM-SHA384", "ECDH", "RSA", "AESGCM", "aes-256-gcm", 256, None),
    (0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDH", "ECDSA", "AESGCM", "aes-128-gcm", 128, None),
    (0xC02F, "ECDHE-RSA-AES128-GCM-SHA256", "ECDH", "RSA", "AESGCM", "aes-128-gcm", 128, None),
    (0xCCA9, "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDH", "ECDSA", "CHACHA20/POLY1305", "chacha20-poly1305", 256, None),
    (0xCCA8, "ECDHE-RSA-CHACHA20-POLY1305", "ECDH", "RSA", "CHACHA20/POLY1305", "chacha20-poly1305", 256, None),
    (0xC024, "ECDHE-ECDSA-AES256-SHA384", "ECDH", "ECDSA", "AES", "aes-256-cbc", 256, "sha384"),
    (0xC028, "ECDHE-RSA-AES256-SHA384", "ECDH", "RSA", "AES", "aes-256-cbc", 256, "sha384"),
    (0xC023, "ECDHE-ECDSA-AES128-SHA256", "ECDH", "ECDSA", "AES", "aes-128-cbc", 128, "sha256"),
    (0xC027, "ECDHE-RSA-AES128-SHA256", "ECDH", "RSA", "AES", "aes-128-cbc", 128, "sha256"),
    (0x009F, "DHE-RSA-AES256-GCM-SHA384", "DH", "RSA", "AESGCM", "aes-256-gcm", 256, None),
    (0x009E, "DHE-RSA-AES128-GCM-SHA256", "DH", "RSA", "AESGCM", "aes-128-gcm", 128, None),
    (0x006B, "DHE-RSA-AES256-SHA256", "DH", "RSA", "AES", "aes-256-cbc", 256, "sha256"),
    (0x0067, "DHE-RSA-AES128-SHA256", "DH", "RSA", "AES", "aes-128-cbc", 128, "sha256"),
)


def _matches(suite, word):
    _, name, exchange, who, encryption, _, bits, digest = suite
    words = {
        "ALL", "DEFAULT", "HIGH", "TLSv1.2", name, exchange, exchange + "E", "k" + exchange + "E", "a" + who, who, encryption,
        encryption.split("/")[0], encryption + str(bits), (digest or "AEAD").upper(),
    }
    words |= {"EECDH", "EDH"} & {"EECDH" if exchange == "ECDH" else "EDH"}
    words |= {"AES", "AES" + str(bits)} if "AES" in encryption else set()
    return word in words


def select(text):
    """The suites that OpenSSL's cipher list names; those of TLS 1.3 always come along. Nothing where it names none."""
    chosen = []
    for part in text.replace(",", ":").replace(" ", ":").split(":"):
        if not part or part[0] == "@":
            continue
        words = part.lstrip("!-+").split("+")
        found = [suite for suite in _SUITES[3:] if all(_matches(suite, word) for word in words)]
        if part[0] in "!-":
            chosen = [suite for suite in chosen if suite not in found]
        elif part[0] != "+":
            chosen += [suite for suite in found if suite not in chosen]
    return [*_SUITES[:3], *chosen] if chosen else []


def describe(suites):
    """The suites as SSLContext.get_ciphers() has them."""
    found = []
    for number, name, exchange, who, encryption, symmetric, bits, digest in suites:
        version = "TLSv1.3" if exchange == "any" else "TLSv1.2"
        mac = "AEAD" if digest is None else digest.upper()
        found.append({
            "id": 0x3000000 | number,
            "name": name,
            "protocol": version,
            "description": f"{name:30} {version} Kx={exchange:8} Au={who:5} Enc={f'{encryption}({bits})':22} Mac={mac}",
            "strength_bits": bits,
            "alg_bits": bits,
            "aead": digest is None,
            "symmetric": symmetric,
            "digest": digest,
            "kea": {"any": "kx-any", "ECDH": "kx-ecdhe", "DH": "kx-dhe"}[exchange],
            "auth": f"auth-{who.lower()}",
        })
    return found
