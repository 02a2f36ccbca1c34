"""What `_socket` has on Linux and WASI's lacks: the module puts it there, before `socket` takes its names.

An artifact is like a container without a network. Numeric addresses and `localhost` are known, other names are not found.
Sockets are those of _pywasm_network.py.
"""
import _socket
import posix as _posix

# In Linux's numbers; sockets.c gives libc WASI's.
_VALUES = """
AF_APPLETALK=5 AF_DECnet=12 AF_INET=2 AF_INET6=10 AF_IPX=4 AF_ROUTE=16 AF_SNA=22 AF_UNIX=1 AI_ADDRCONFIG=32 AI_ALL=16
AI_NUMERICSERV=1024 AI_V4MAPPED=8 EAI_ADDRFAMILY=-9 EAI_AGAIN=-3 EAI_BADFLAGS=-1 EAI_FAIL=-4 EAI_FAMILY=-6
EAI_MEMORY=-10 EAI_NODATA=-5 EAI_NONAME=-2 EAI_OVERFLOW=-12 EAI_SERVICE=-8 EAI_SOCKTYPE=-7 EAI_SYSTEM=-11
ETHERTYPE_ARP=2054 ETHERTYPE_IP=2048 ETHERTYPE_IPV6=34525 ETHERTYPE_VLAN=33024 INADDR_ALLHOSTS_GROUP=3758096385
INADDR_BROADCAST=4294967295 INADDR_MAX_LOCAL_GROUP=3758096639 INADDR_NONE=4294967295 INADDR_UNSPEC_GROUP=3758096384
IPPROTO_AH=51 IPPROTO_DSTOPTS=60 IPPROTO_EGP=8 IPPROTO_ESP=50 IPPROTO_FRAGMENT=44 IPPROTO_GRE=47 IPPROTO_HOPOPTS=0
IPPROTO_ICMPV6=58 IPPROTO_IDP=22 IPPROTO_IGMP=2 IPPROTO_IPIP=4 IPPROTO_NONE=59 IPPROTO_PIM=103 IPPROTO_PUP=12
IPPROTO_ROUTING=43 IPPROTO_RSVP=46 IPPROTO_SCTP=132 IPPROTO_TP=29 MSG_CTRUNC=8 MSG_DONTROUTE=4 MSG_DONTWAIT=64
MSG_EOR=128 MSG_NOSIGNAL=16384 MSG_OOB=1 MSG_PEEK=2 MSG_TRUNC=32 MSG_WAITALL=256 NI_NAMEREQD=8 NI_NOFQDN=4
NI_NUMERICHOST=1 NI_NUMERICSERV=2 SCM_RIGHTS=1 SHUT_RD=0 SHUT_RDWR=2 SHUT_WR=1 SOCK_CLOEXEC=524288 SOCK_DGRAM=2
SOCK_NONBLOCK=2048 SOCK_RAW=3 SOCK_RDM=4 SOCK_SEQPACKET=5 SOCK_STREAM=1 SOL_SOCKET=1 SOMAXCONN=4096 SO_ACCEPTCONN=30
SO_BROADCAST=6 SO_DEBUG=1 SO_DONTROUTE=5 SO_ERROR=4 SO_KEEPALIVE=9 SO_LINGER=13 SO_OOBINLINE=10 SO_RCVBUF=8
SO_RCVLOWAT=18 SO_RCVTIMEO=20 SO_REUSEADDR=2 SO_REUSEPORT=15 SO_SNDBUF=7 SO_SNDLOWAT=19 SO_SNDTIMEO=21
"""
_names = {pair.partition("=")[0]: int(pair.partition("=")[2]) for pair in _VALUES.split()}

_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
# What libc calls them.
_LIBC = {_AF_INET: _socket.AF_INET, _AF_INET6: _socket.AF_INET6}
_NAME = "localhost"
_LOOPBACK = {_AF_INET: "127.0.0.1", _AF_INET6: "::1"}
_SERVICES = {
    "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "tftp": 69, "http": 80, "kerberos": 88, "pop3": 110,
    "ntp": 123, "imap2": 143, "imap": 143, "snmp": 161, "ldap": 389, "https": 443, "submissions": 465, "syslog": 514,
    "submission": 587, "ldaps": 636, "imaps": 993, "pop3s": 995, "mysql": 3306, "postgresql": 5432,
}
_PROTOCOLS = {
    "ip": 0, "icmp": 1, "igmp": 2, "ipip": 4, "tcp": 6, "egp": 8, "udp": 17, "ipv6": 41, "gre": 47, "esp": 50, "ah": 51,
    "ipv6-icmp": 58, "pim": 103, "sctp": 132,
}


_EPERM, _ENXIO, _EAFNOSUPPORT = 1, 6, 97


def _error(number):
    return OSError(number, _posix.strerror(number))


# ---- names and addresses ----

_pton, _ntop = _socket.inet_pton, _socket.inet_ntop


def _words(text):
    """The 16-bit words of a part of an address of IPv6."""
    parts, words = text.split(":") if text else [], []
    for at, part in enumerate(parts):
        if "." in part and at == len(parts) - 1:
            packed = _pton(_LIBC[_AF_INET], part)
            words += [int.from_bytes(packed[:2], "big"), int.from_bytes(packed[2:], "big")]
        elif 1 <= len(part) <= 4 and not part.strip("0123456789abcdefABCDEF"):
            words.append(int(part, 16))
        else:
            raise OSError("illegal IP address string passed to inet_pton")
    return words


def inet_pton(address_family, ip_string, /):
    if address_family != _AF_INET6:
        return _pton(_LIBC.get(address_family, -1), ip_string)
    head, gap, tail = ip_string.partition("::")
    head, tail = _words(head), _words(tail)
    missing = 8 - len(head) - len(tail)
    if missing < 1 if gap else missing:
        raise OSError("illegal IP address string passed to inet_pton")
    return b"".join(word.to_bytes(2, "big") for word in head + [0] * missing + tail)


def inet_ntop(address_family, packed_ip, /):
    if address_family != _AF_INET6:
        return _ntop(_LIBC.get(address_family, -1), packed_ip)
    packed = bytes(packed_ip)
    if len(packed) != 16:
        raise ValueError("invalid length of packed IP address string")
    if packed[:10] == bytes(10) and packed[10:12] in (b"\xff\xff", b"\0\0") and packed[12:14] != b"\0\0":
        return ("::ffff:" if packed[10] else "::") + _ntop(_LIBC[_AF_INET], packed[12:])
    words = [packed[at : at + 2].hex().lstrip("0") or "0" for at in range(0, 16, 2)]
    # The longest run of zeros, the first of equal ones, becomes `::`.
    for length in range(8, 1, -1):
        for at in range(9 - length):
            if words[at : at + length] == ["0"] * length:
                return ":".join(words[:at]) + "::" + ":".join(words[at + length :])
    return ":".join(words)


def _is_numeric(family, host):
    try:
        inet_pton(family, host.partition("%")[0] if family == _AF_INET6 else host)
    except (OSError, ValueError):
        return False
    return True


def _text(host):
    if isinstance(host, (bytes, bytearray)):
        return host.decode("ascii")
    if not isinstance(host, str):
        raise TypeError("getaddrinfo() argument 1 must be string or None")
    # A name beyond ASCII is found nowhere, however it is encoded.
    return host


def _families(host, family, flags):
    """The families and addresses of a host."""
    wanted = [_AF_INET, _AF_INET6] if family == _socket.AF_UNSPEC else [family]
    if host is None:
        passive = flags & _socket.AI_PASSIVE
        return [(one, {_AF_INET: "0.0.0.0", _AF_INET6: "::"}[one] if passive else _LOOPBACK[one]) for one in wanted]
    for one in (_AF_INET, _AF_INET6):
        if _is_numeric(one, host):
            if one not in wanted:
                raise _socket.gaierror(-9, "Address family for hostname not supported")
            return [(one, host)]
    if flags & _socket.AI_NUMERICHOST:
        raise _socket.gaierror(-2, "Name or service not known")
    if host.rstrip(".").lower() in (_NAME, "localhost.localdomain", "ip6-localhost"):
        return [(one, _LOOPBACK[one]) for one in reversed(wanted)]
    raise _socket.gaierror(-3, "Temporary failure in name resolution")


def _port(service, flags):
    if service is None:
        return 0
    if isinstance(service, int):
        return service & 0xFFFF
    if isinstance(service, (bytes, bytearray)):
        service = service.decode("ascii")
    if not isinstance(service, str):
        raise OSError("Int or String expected")
    if service.isdecimal():
        return int(service) & 0xFFFF
    if service in _SERVICES and not flags & 1024:
        return _SERVICES[service]
    raise _socket.gaierror(-8, "Servname not supported for ai_socktype")


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    if host is None and port is None:
        raise _socket.gaierror(-2, "Name or service not known")
    if family not in (_socket.AF_UNSPEC, _AF_INET, _AF_INET6):
        raise _socket.gaierror(-6, "ai_family not supported")
    number = _port(port, flags)
    kinds = [(_socket.SOCK_STREAM, 6), (_socket.SOCK_DGRAM, 17), (3, 0)]
    kinds = [(kind, usual) for kind, usual in kinds if type in (0, kind) and proto in (0, usual or proto)]
    if not kinds:
        raise _socket.gaierror(-7, "ai_socktype not supported")
    name = _text(host) if host is not None and flags & _socket.AI_CANONNAME else ""
    if isinstance(port, str) and not port.isdecimal():
        kinds = [(kind, usual) for kind, usual in kinds if usual]  # a service is one of TCP or UDP
    found = []
    for one, address in _families(None if host is None else _text(host), family, flags):
        place = (address, number) if one == _AF_INET else (address, number, 0, 0)
        for kind, usual in kinds:
            found.append((one, kind, proto or usual, "" if found else name, place))
    return found


def gethostbyname(hostname, /):
    return gethostbyname_ex(hostname)[2][0]


def gethostbyname_ex(hostname, /):
    host = _text(hostname)
    return host, [], [_families("0.0.0.0" if host == "" else host, _AF_INET, 0)[0][1]]


def gethostbyaddr(ip_address, /):
    _, address = _families(_text(ip_address), _socket.AF_UNSPEC, 0)[0]
    if address not in _LOOPBACK.values():
        raise _socket.herror(1, "Unknown host")
    return _NAME, [], [address]


def getnameinfo(sockaddr, flags, /):
    if not isinstance(sockaddr, tuple):
        raise TypeError(f"getnameinfo() argument 1 must be tuple, not {type(sockaddr).__name__}")
    host, port = sockaddr[:2]
    if not (_is_numeric(_AF_INET, host) or _is_numeric(_AF_INET6, host)):
        raise _socket.gaierror(-2, "Name or service not known")
    if host in _LOOPBACK.values() and not flags & _socket.NI_NUMERICHOST:
        host = _NAME
    elif flags & _socket.NI_NAMEREQD:
        raise _socket.gaierror(-3, "Temporary failure in name resolution")
    services = [] if flags & _socket.NI_NUMERICSERV else [name for name, number in _SERVICES.items() if number == port]
    return host, services[0] if services else str(port)


def gethostname():
    return _NAME


def sethostname(name, /):
    raise _error(_EPERM)


def getservbyname(servicename, protocolname=None, /):
    if servicename not in _SERVICES or protocolname not in (None, "tcp", "udp"):
        raise OSError("service/proto not found")
    return _SERVICES[servicename]


def getservbyport(port, protocolname=None, /):
    if not 0 <= port <= 65535:
        raise OverflowError("getservbyport: port must be 0-65535.")
    for name, number in _SERVICES.items():
        if number == port and protocolname in (None, "tcp", "udp"):
            return name
    raise OSError("port/proto not found")


def getprotobyname(protocolname, /):
    if protocolname not in _PROTOCOLS:
        raise OSError("protocol not found")
    return _PROTOCOLS[protocolname]


def inet_ntoa(packed_ip, /):
    packed = bytes(packed_ip)
    if len(packed) != 4:
        raise OSError("packed IP wrong length")
    return ".".join(map(str, packed))


def if_nameindex():
    return [(1, "lo")]


def if_nametoindex(oname, /):
    if oname not in ("lo", b"lo"):
        raise OSError("no interface with this name")
    return 1


def if_indextoname(if_index, /):
    if if_index != 1:
        raise _error(_ENXIO)
    return "lo"


def CMSG_LEN(length, /):
    return 12 + length


def CMSG_SPACE(length, /):
    return 12 + (length + 3 & ~3)


for _absent in ("AI_DEFAULT", "AI_MASK", "AI_V4MAPPED_CFG", "EAI_BADHINTS", "EAI_MAX", "EAI_PROTOCOL"):
    vars(_socket).pop(_absent, None)
vars(_socket).update(_names)

# It takes the numbers from there.
from _pywasm_network import close, dup, socket, socketpair

for _name, _value in list(globals().items()):
    if not _name.startswith("_"):
        _value.__module__ = "_socket"
        _names[_name] = _value
_names.update(SocketType=socket, has_ipv6=True)
vars(_socket).update(_names)
