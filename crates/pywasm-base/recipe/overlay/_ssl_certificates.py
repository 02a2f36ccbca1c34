"""Reads certificates (X.509, RFC 5280) for `ssl`. In: PEM text or DER bytes. Out: DER, or what getpeercert() tells of it."""
import binascii

_NAMES = {
    "2.5.4.3": "commonName", "2.5.4.4": "surname", "2.5.4.5": "serialNumber", "2.5.4.6": "countryName",
    "2.5.4.7": "localityName", "2.5.4.8": "stateOrProvinceName", "2.5.4.9": "streetAddress", "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName", "2.5.4.12": "title", "2.5.4.15": "businessCategory", "2.5.4.17": "postalCode",
    "2.5.4.42": "givenName", "2.5.4.97": "organizationIdentifier", "1.2.840.113549.1.9.1": "emailAddress",
    "0.9.2342.19200300.100.1.25": "domainComponent", "0.9.2342.19200300.100.1.1": "userId",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionStateOrProvinceName", "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionCountryName",
}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def read_pem(text):
    """The certificates between the PEM lines, as DER."""
    found = []
    for kind in (b"CERTIFICATE", b"TRUSTED CERTIFICATE", b"X509 CERTIFICATE"):
        for part in text.split(b"-----BEGIN " + kind + b"-----")[1:]:
            body, end, _ = part.partition(b"-----END " + kind + b"-----")
            if end:
                found.append(binascii.a2b_base64(b"".join(body.split())))
    return found


def read_der(data):
    """The certificates that follow each other in the data."""
    found = []
    try:
        while data:
            tag, _, rest = _element(data)
            if tag != 0x30:
                break
            found.append(data[:len(data) - len(rest)])
            data = rest
    except (IndexError, ValueError):
        pass
    return found


def _element(data):
    """Tag, content and what follows."""
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start])
    if start + length > len(data):
        raise ValueError("not enough data")
    return tag, data[start:start + length], data[start + length:]


def _elements(data):
    found = []
    while data:
        tag, content, data = _element(data)
        found.append((tag, content))
    return found


def _identifier(data):
    numbers, value = [], 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def _text(tag, data):
    return data.decode({0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x0C: "utf-8"}.get(tag, "latin-1"))


def _name(data):
    found = []
    for _, group in _elements(data):
        entries = []
        for _, entry in _elements(group):
            (_, kind), (tag, value) = _elements(entry)
            kind = _identifier(kind)
            entries.append((_NAMES.get(kind, kind), _text(tag, value)))
        found.append(tuple(entries))
    return tuple(found)


def _time(tag, data):
    text = data.decode("ascii")
    if tag == 0x17:
        text = ("20" if text < "50" else "19") + text
    day = text[6:8].lstrip("0")
    return f"{_MONTHS[int(text[4:6]) - 1]} {day:>2} {text[8:10]}:{text[10:12]}:{text[12:14]} {text[:4]} GMT"


def _general_name(tag, data):
    kind = tag & 0x1F
    if kind in (1, 2, 6):
        return {1: "email", 2: "DNS", 6: "URI"}[kind], data.decode("utf-8", "replace")
    if kind == 4:
        return "DirName", _name(_element(data)[1])
    if kind == 7:
        parts = [str(byte) for byte in data] if len(data) == 4 else [f"{data[i] << 8 | data[i + 1]:X}" for i in range(0, len(data), 2)]
        return "IP Address", (".".join if len(data) == 4 else ":".join)(parts)
    if kind == 8:
        return "Registered ID", _identifier(data)
    return "othername", "<unsupported>"


def _parts(der):
    """The fields of the certificate's body, and its extensions by identifier."""
    body = _elements(_elements(_element(der)[1])[0][1])
    version = 1
    if body[0][0] == 0xA0:
        version = 1 + _element(body.pop(0)[1])[1][-1]
    extensions = {}
    for tag, content in body[6:]:
        if tag == 0xA3:
            for _, extension in _elements(_element(content)[1]):
                fields = _elements(extension)
                extensions[_identifier(fields[0][1])] = fields[-1][1]
    return version, body, extensions


def is_authority(der):
    """Whether the certificate may sign others; one of version 1 that signs itself may."""
    version, body, extensions = _parts(der)
    constraints = extensions.get("2.5.29.19")
    if constraints is None:
        return version == 1 and body[2] == body[4]
    return (1, b"\xff") in _elements(_element(constraints)[1])


def decode(der):
    """The certificate as SSLSocket.getpeercert() has it."""
    version, body, extensions = _parts(der)
    (_, serial), _, (_, issuer), (_, validity), (_, subject) = body[:5]
    before, after = (_time(*moment) for moment in _elements(validity))
    digits = f"{int.from_bytes(serial):X}"
    found = {
        "subject": _name(subject), "issuer": _name(issuer), "version": version,
        "serialNumber": "0" * (len(digits) % 2) + digits, "notBefore": before, "notAfter": after,
    }
    if "2.5.29.17" in extensions:
        found["subjectAltName"] = tuple(_general_name(*entry) for entry in _elements(_element(extensions["2.5.29.17"])[1]))
    access = {"OCSP": [], "caIssuers": []}
    for _, entry in _elements(_element(extensions["1.3.6.1.5.5.7.1.1"])[1]) if "1.3.6.1.5.5.7.1.1" in extensions else ():
        (_, method), (tag, place) = _elements(entry)
        key = {"1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "caIssuers"}.get(_identifier(method))
        if key and tag == 0x86:
            access[key].append(place.decode())
    found |= {key: tuple(places) for key, places in access.items() if places}
    points = []
    for _, point in _elements(_element(extensions["2.5.29.31"])[1]) if "2.5.29.31" in extensions else ():
        for tag, name in _elements(point):
            if tag == 0xA0 and name[0] == 0xA0:
                points += [uri.decode() for kind, uri in _elements(_element(name)[1]) if kind == 0x86]
    if points:
        found["crlDistributionPoints"] = tuple(points)
    return found
