"""What `_socket` has on Linux and WASI's lacks: the module puts it there, before `socket` takes its names.

An artifact is like a container without a network. Numeric addresses and `localhost` are known, other names are not found;
connecting to them fails as it does there. Pairs of sockets are in memory. A socket that the host hands over works as ever.
"""
import _pywasm_files as _files
import _socket
import posix as _posix

# Numbers of families, kinds and flags leave room for those that WASI has.
_VALUES = """
AF_APPLETALK=5 AF_DECnet=12 AF_IPX=4 AF_ROUTE=16 AF_SNA=22 AF_UNIX=3 AI_NUMERICSERV=1024 EAI_OVERFLOW=-12
ETHERTYPE_ARP=2054 ETHERTYPE_IP=2048 ETHERTYPE_IPV6=34525 ETHERTYPE_VLAN=33024 IPPROTO_AH=51 IPPROTO_DSTOPTS=60
IPPROTO_EGP=8 IPPROTO_ESP=50 IPPROTO_FRAGMENT=44 IPPROTO_GRE=47 IPPROTO_HOPOPTS=0 IPPROTO_ICMPV6=58 IPPROTO_IDP=22
IPPROTO_IGMP=2 IPPROTO_IPIP=4 IPPROTO_NONE=59 IPPROTO_PIM=103 IPPROTO_PUP=12 IPPROTO_ROUTING=43 IPPROTO_RSVP=46
IPPROTO_SCTP=132 IPPROTO_TP=29 MSG_CTRUNC=8 MSG_DONTROUTE=4 MSG_DONTWAIT=64 MSG_EOR=128 MSG_NOSIGNAL=16384 MSG_OOB=256
MSG_TRUNC=32 SCM_RIGHTS=1 SOCK_RAW=3 SOCK_RDM=4 SOCK_SEQPACKET=7 SO_ACCEPTCONN=30 SO_BROADCAST=6 SO_DEBUG=1
SO_DONTROUTE=5 SO_ERROR=4 SO_KEEPALIVE=9 SO_LINGER=13 SO_OOBINLINE=10 SO_RCVBUF=8 SO_RCVLOWAT=18 SO_RCVTIMEO=20
SO_REUSEADDR=2 SO_REUSEPORT=15 SO_SNDBUF=7 SO_SNDLOWAT=19 SO_SNDTIMEO=21
"""
_names = {pair.partition("=")[0]: int(pair.partition("=")[2]) for pair in _VALUES.split()}

_AF_UNIX, _AF_INET, _AF_INET6 = 3, _socket.AF_INET, _socket.AF_INET6
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


_EPERM, _ENXIO, _EPROTONOSUPPORT, _ENOTSUP, _EAFNOSUPPORT = 1, 6, 93, 95, 97
_ENETUNREACH, _ENOTCONN, _ECONNREFUSED, _ENOSYS = 101, 107, 111, 38


def _error(number):
    return OSError(number, _posix.strerror(number))


# ---- names and addresses ----

_pton, _ntop = _socket.inet_pton, _socket.inet_ntop


def _words(text):
    """The 16-bit words of a part of an address of IPv6."""
    parts, words = text.split(":") if text else [], []
    for at, part in enumerate(parts):
        if "." in part and at == len(parts) - 1:
            packed = _pton(_AF_INET, part)
            words += [int.from_bytes(packed[:2], "big"), int.from_bytes(packed[2:], "big")]
        elif 1 <= len(part) <= 4 and not part.strip("0123456789abcdefABCDEF"):
            words.append(int(part, 16))
        else:
            raise OSError("illegal IP address string passed to inet_pton")
    return words


def inet_pton(address_family, ip_string, /):
    if address_family != _AF_INET6:
        return _pton(address_family, ip_string)
    head, gap, tail = ip_string.partition("::")
    head, tail = _words(head), _words(tail)
    missing = 8 - len(head) - len(tail)
    if missing < 1 if gap else missing:
        raise OSError("illegal IP address string passed to inet_pton")
    return b"".join(word.to_bytes(2, "big") for word in head + [0] * missing + tail)


def inet_ntop(address_family, packed_ip, /):
    if address_family != _AF_INET6:
        return _ntop(address_family, packed_ip)
    packed = bytes(packed_ip)
    if len(packed) != 16:
        raise ValueError("invalid length of packed IP address string")
    if packed[:10] == bytes(10) and packed[10:12] in (b"\xff\xff", b"\0\0") and packed[12:14] != b"\0\0":
        return ("::ffff:" if packed[10] else "::") + _ntop(_AF_INET, packed[12:])
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


# ---- sockets ----


class socket(_socket.socket):
    __slots__ = ("_options", "_is_own")

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        self._options, self._is_own = {}, fileno is None or fileno >= 1 << 30
        if fileno is None:
            family = _AF_INET if family == -1 else int(family)
            if family not in (_AF_UNIX, _AF_INET, _AF_INET6):
                raise _error(_EAFNOSUPPORT)
            fileno = _files.socket()
        kind = _socket.SOCK_STREAM if type == -1 and self._is_own else int(type)
        super().__init__(family if family != -1 or not self._is_own else _AF_UNIX, kind, max(proto, 0) if self._is_own else proto, fileno)

    def _reach(self, address):
        """Why an address cannot be reached."""
        if self.family == _AF_UNIX:
            path = address if isinstance(address, str) else bytes(address).decode("utf-8", "surrogateescape")
            try:
                _posix.stat(path)
            except OSError as error:
                return OSError(error.errno, error.strerror)
            return _error(_ECONNREFUSED)
        if not isinstance(address, tuple):
            return TypeError(f"connect(): AF_INET address must be tuple, not {type(address).__name__}")
        _, host = _families(_text(address[0]), self.family, 0)[0]
        return _error(_ECONNREFUSED if host.startswith("127.") or host in ("::1", "0.0.0.0", "::") else _ENETUNREACH)

    def connect(self, address, /):
        raise self._reach(address)

    def connect_ex(self, address, /):
        error = self._reach(address)
        if isinstance(error, OSError):
            return error.errno
        raise error

    def bind(self, address, /):
        raise _error(_EPERM)

    def listen(self, backlog=128, /):
        if self._is_own:
            raise _error(_EPERM)

    def getsockname(self):
        return "" if self.family == _AF_UNIX else ("0.0.0.0", 0) if self.family == _AF_INET else ("::", 0, 0, 0)

    def getpeername(self):
        if self._is_own and self.family != _AF_UNIX:
            raise _error(_ENOTCONN)
        return self.getsockname()

    def setsockopt(self, level, option, value=None, length=None, /):
        if value is None:
            value = bytes(length)
        self._options[level, option] = value if isinstance(value, int) else bytes(value)

    def getsockopt(self, level, option, size=0, /):
        if level == _socket.SOL_SOCKET and option == _socket.SO_TYPE and not size:
            return int(self.type)
        usual = 212992 if level == _socket.SOL_SOCKET and option in (7, 8) else 0
        value = self._options.get((level, option), usual)
        if size:
            return (value.to_bytes(4, "little", signed=True) if isinstance(value, int) else value)[:size]
        return value if isinstance(value, int) else int.from_bytes(value[:4], "little", signed=True)

    def recvfrom(self, bufsize, flags=0, /):
        return self.recv(bufsize, flags), None

    def recvfrom_into(self, buffer, nbytes=0, flags=0, /):
        return self.recv_into(buffer, nbytes, flags), None

    def recvmsg(self, bufsize, ancbufsize=0, flags=0, /):
        return self.recv(bufsize, flags), [], 0, None

    def recvmsg_into(self, buffers, ancbufsize=0, flags=0, /):
        done = 0
        for buffer in buffers:
            got = self.recv_into(buffer, 0, flags)
            done += got
            if got < len(memoryview(buffer).cast("B")):
                break
        return done, [], 0, None

    def sendto(self, data, flags_or_address, address=None, /):
        raise self._reach(flags_or_address if address is None else address)

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None, /):
        if [*ancdata]:
            raise _error(_ENOSYS)
        if address is not None:
            raise self._reach(address)
        return self.send(b"".join(buffers), flags)


def socketpair(family=_AF_UNIX, type=_socket.SOCK_STREAM, proto=0, /):
    if family != _AF_UNIX:
        raise _error(_ENOTSUP)
    if type not in (_socket.SOCK_STREAM, 7):
        raise _error(_EPROTONOSUPPORT)
    return tuple(socket(family, type, proto, fd) for fd in _files.socketpair())


def dup(fd, /):
    return _files.dup(fd)


for _name, _value in list(globals().items()):
    if not _name.startswith("_"):
        _value.__module__ = "_socket"
        _names[_name] = _value
_names.update(SocketType=socket, has_ipv6=True)
vars(_socket).update(_names)
