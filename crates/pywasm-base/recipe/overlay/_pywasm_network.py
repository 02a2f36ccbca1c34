"""The network of an artifact: one machine, whose sockets reach each other in memory.

In: the methods of `_socket.socket`, and `_pywasm_socket`, which knows names and addresses.
Out: what Linux does on a machine without other machines. What waits at a socket stands in a queue here; a byte in its own
pipe says so, for `select`, `poll` and asyncio. A socket that the host hands over works as ever.
"""
import _pywasm_files as _files
import _socket
import posix as _posix

from _pywasm_socket import _AF_INET, _AF_INET6, _AF_UNIX, _error, _families, _text

_SOCK_STREAM, _SOCK_DGRAM, _SOCK_SEQPACKET, _SOCK_NONBLOCK, _SOCK_CLOEXEC = 1, 2, 5, 2048, 524288
_SOL_SOCKET, _SO_REUSEADDR, _SO_TYPE, _SO_ERROR, _SO_REUSEPORT, _SO_DOMAIN = 1, 2, 3, 4, 15, 39
_MSG_PEEK, _MSG_TRUNC, _MSG_DONTWAIT = 2, 32, 64
_EPERM, _EAGAIN, _EINVAL, _EPIPE, _EDESTADDRREQ, _EPROTOTYPE, _EPROTONOSUPPORT = 1, 11, 22, 32, 89, 91, 93
_EOPNOTSUPP, _EAFNOSUPPORT, _EADDRINUSE, _EADDRNOTAVAIL, _ENETUNREACH, _EISCONN, _ENOTCONN = 95, 97, 98, 99, 101, 106, 107
_ECONNREFUSED, _EINPROGRESS, _ENOSYS = 111, 115, 38
# What WASI calls the kinds of sockets that a host hands over.
_KINDS_OF_HOSTS = {6: _SOCK_STREAM, 5: _SOCK_DGRAM}
# What a socket is connected to: memory.h.
_LINE_LOCAL, _LINE_NETWORK, _LINE_BELL = 0, 1, 2
_MOST_WAITING, _MOST_BYTES = 4096, 65507


class _Node:
    """A socket, which copies of its descriptor share."""

    __slots__ = ("family", "kind", "local", "peer", "waiting", "bell", "limit", "listens", "descriptors", "options")

    def __init__(self, family, kind, descriptor):
        self.family, self.kind, self.local, self.peer = family, kind, None, None
        self.waiting, self.bell, self.limit, self.listens, self.options = [], -1, 0, False, {}
        self.descriptors = {descriptor}
        _of_descriptor[descriptor] = self


_bound = {}  # nodes by family, kind, host and port (or path)
_of_descriptor = {}
_next_port = [32768]


def _is_open(descriptor, node):
    if _of_descriptor.get(descriptor) is not node:
        return False
    try:
        _posix.fstat(descriptor)
    except OSError:
        return False
    return True


def _sweep():
    """Lets go of sockets that nobody closed and that are gone."""
    for node in [*_bound.values()]:
        for descriptor in [*node.descriptors]:
            if not _is_open(descriptor, node):
                _forget(node, descriptor)


def _find(family, kind, address):
    """The node that has an address of this machine."""
    if family == _AF_UNIX:
        keys = [(family, kind, address)]
    else:
        keys = [(family, kind, host, address[1]) for host in (address[0], "0.0.0.0" if family == _AF_INET else "::")]
        if family == _AF_INET:  # a socket of IPv6 at any address takes these too
            keys.append((_AF_INET6, kind, "::", address[1]))
    _sweep()
    for key in keys:
        node = _bound.get(key)
        if node is not None and (key[0] == family or not node.options.get((41, 26))):
            return node
    return None


def _key(node):
    return (node.family, node.kind, node.local) if node.family == _AF_UNIX else (node.family, node.kind, *node.local[:2])


def _is_here(host):
    return host.startswith("127.") or host in ("::1", "0.0.0.0", "::")


def _place(family, host, port):
    return (host, port) if family == _AF_INET else (host, port, 0, 0)


def _resolve(family, address, what):
    """An address as the network has it."""
    if family == _AF_UNIX:
        if isinstance(address, str):
            return address
        if not isinstance(address, (bytes, bytearray)):
            raise TypeError(f"a bytes-like object is required, not '{type(address).__name__}'")
        address = bytes(address)
        # What begins with a zero is no path.
        return address if address[:1] == b"\0" else address.decode("utf-8", "surrogateescape")
    name = "AF_INET" if family == _AF_INET else "AF_INET6"
    if not isinstance(address, tuple):
        raise TypeError(f"{what}(): {name} address must be tuple, not {type(address).__name__}")
    if len(address) != 2 and family == _AF_INET:
        raise TypeError("AF_INET address must be a pair (host, port)")
    if not 2 <= len(address) <= 4:
        raise TypeError("AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])")
    host, port = address[:2]
    if not isinstance(port, int):
        raise TypeError(f"'{type(port).__name__}' object cannot be interpreted as an integer")
    if not 0 <= port <= 65535:
        raise OverflowError(f"{what}(): port must be 0-65535.")
    host = _text(host)
    if host == "":
        return _place(family, "0.0.0.0" if family == _AF_INET else "::", port)
    if host == "<broadcast>":
        return _place(family, "255.255.255.255", port)
    return _place(family, _families(host, family, 0)[0][1], port)


def _bind(node, address):
    if node.local is not None:
        raise _error(_EINVAL)
    _sweep()
    if node.family == _AF_UNIX:
        if isinstance(address, str) and address:
            try:
                descriptor = _posix.open(address, _posix.O_CREAT | _posix.O_EXCL | _posix.O_WRONLY, 0o777)
            except FileExistsError:
                raise _error(_EADDRINUSE) from None
            _files.mark_socket(descriptor)
            _posix.close(descriptor)
        elif (_AF_UNIX, node.kind, address) in _bound:
            raise _error(_EADDRINUSE)
        node.local = address
    else:
        host, port = address[:2]
        if not _is_here(host):
            raise _error(_EADDRNOTAVAIL)
        if port == 0:
            while any(key[1] == node.kind and key[-1] == _next_port[0] for key in _bound):
                _next_port[0] += 1
            port, _next_port[0] = _next_port[0], _next_port[0] + 1 if _next_port[0] < 60999 else 32768
        for other in _bound.values():
            if other.family != node.family or other.kind != node.kind or other.local[1] != port:
                continue
            shares = all(each.options.get((_SOL_SOCKET, _SO_REUSEPORT)) for each in (node, other))
            shares = shares or not other.listens and all(each.options.get((_SOL_SOCKET, _SO_REUSEADDR)) for each in (node, other))
            if (other.local[0] == host or {host, other.local[0]} & {"0.0.0.0", "::"}) and not shares:
                raise _error(_EADDRINUSE)
        node.local = _place(node.family, host, port)
    _bound[_key(node)] = node


def _forget(node, descriptor):
    """A descriptor of a node is closed. With the last one the node goes, and what waits at it."""
    node.descriptors.discard(descriptor)
    if _of_descriptor.get(descriptor) is node:
        del _of_descriptor[descriptor]
    if node.descriptors:
        return
    if node.local is not None and _bound.get(_key(node)) is node:
        del _bound[_key(node)]
    if node.bell >= 0:
        _posix.close(node.bell)
        node.bell = -1
    waiting, node.waiting = node.waiting, []
    for descriptor in waiting if node.listens else ():
        close(descriptor)


class socket(_socket.socket):
    __slots__ = ("_node",)

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        flags = 0
        self._node = None
        if fileno is None:
            family = _AF_INET if family == -1 else int(family)
            if family not in (_AF_UNIX, _AF_INET, _AF_INET6):
                raise _error(_EAFNOSUPPORT)
            kind = _SOCK_STREAM if type == -1 else int(type)
            flags, kind = kind & _SOCK_NONBLOCK, kind & ~(_SOCK_NONBLOCK | _SOCK_CLOEXEC)
            fileno = _files.socket()
            self._node = _Node(family, kind, fileno)
        else:
            if not isinstance(fileno, int):
                raise TypeError(f"'{fileno.__class__.__name__}' object cannot be interpreted as an integer")
            node = _of_descriptor.get(fileno)
            if node is None and fileno >= 1 << 30:
                node = _Node(_AF_UNIX if family == -1 else int(family), _SOCK_STREAM if type == -1 else int(type), fileno)
                node.peer = ""
            self._node = node
            if node is not None:
                family = node.family if family == -1 else int(family)
                kind = node.kind if type == -1 else int(type)
            else:
                kind = int(type)
        super().__init__(family, kind, max(proto, 0) if self._node else proto, fileno)
        if self._node is None and kind == -1:
            super().__init__(self.family, _KINDS_OF_HOSTS.get(int(self.type), int(self.type)), proto, fileno)
        if flags:
            self.setblocking(False)

    # ---- the end ----

    def close(self):
        descriptor = self.fileno()
        super().close()
        if self._node is not None:
            _forget(self._node, descriptor)

    # ---- ways to another socket ----

    def _hang_bell(self, line=_LINE_LOCAL):
        if self._node.bell < 0:
            self._node.bell = _files.connect(self.fileno(), line)

    def _ring(self, node, what):
        if len(node.waiting) < _MOST_WAITING:
            node.waiting.append(what)
            _posix.write(node.bell, b"\0")

    def _wait(self, flags=0):
        """Waits for the bell, as blocking, time-outs and flags are set."""
        super().recv(1, flags & (_MSG_PEEK | _MSG_DONTWAIT))

    def bind(self, address, /):
        node = self._node
        if node is None:
            raise _error(_EPERM)
        _bind(node, _resolve(node.family, address, "bind"))
        if node.kind == _SOCK_DGRAM:
            self._hang_bell()

    def listen(self, backlog=128, /):
        node = self._node
        if node is None:
            return
        if node.kind == _SOCK_DGRAM:
            raise _error(_EOPNOTSUPP)
        if node.peer is not None:
            raise _error(_EINVAL)
        if node.local is None:
            _bind(node, "" if node.family == _AF_UNIX else _place(node.family, "0.0.0.0" if node.family == _AF_INET else "::", 0))
        self._hang_bell(_LINE_BELL)
        node.listens, node.limit = True, max(backlog, 0) + 1

    def connect(self, address, /):
        node = self._node
        if node is None:
            raise _error(_EISCONN)
        target = _resolve(node.family, address, "connect")
        if node.kind == _SOCK_DGRAM:
            self._address_of(target)
            node.peer = target
            self._name_itself(target)
            return
        if node.peer is not None:
            raise _error(_EISCONN)
        if node.listens:
            raise _error(_EINVAL if node.family == _AF_UNIX else _EISCONN)
        listener = self._address_of(target)
        if listener is None or not listener.listens:
            if self.gettimeout() == 0 and node.family != _AF_UNIX:
                # Who does not wait hears it later.
                node.options[_SOL_SOCKET, _SO_ERROR] = _ECONNREFUSED
                raise _error(_EINPROGRESS)
            raise _error(_ECONNREFUSED)
        if len(listener.waiting) >= listener.limit:
            raise _error(_EAGAIN) if node.family == _AF_UNIX or self.gettimeout() == 0 else TimeoutError("timed out")
        self._name_itself(target)
        node.peer = target if node.family == _AF_UNIX or target[0] not in ("0.0.0.0", "::") else _place(
            node.family, "127.0.0.1" if node.family == _AF_INET else "::1", target[1])
        descriptor = _files.connect(self.fileno(), _LINE_LOCAL if node.family == _AF_UNIX else _LINE_NETWORK)
        other = _Node(listener.family, listener.kind, descriptor)
        other.local, other.peer = node.peer, "" if node.local is None else node.local
        if listener.family != node.family:
            other.local, other.peer = (("::ffff:" + place[0], place[1], 0, 0) for place in (other.local, other.peer))
        self._ring(listener, descriptor)
        if self.gettimeout() == 0 and node.family != _AF_UNIX:
            raise _error(_EINPROGRESS)

    def connect_ex(self, address, /):
        try:
            self.connect(address)
        except OSError as error:
            if error.errno is None or isinstance(error, _socket.gaierror):
                raise
            return error.errno
        return 0

    def _address_of(self, target):
        """The node at an address, or None; an error where no way leads there."""
        node = self._node
        found = _find(node.family, node.kind, target)
        if found is None and node.family == _AF_UNIX:
            try:
                _posix.stat(target)
            except (OSError, ValueError) as error:
                if isinstance(error, OSError):
                    raise _error(error.errno) from None
            raise _error(_ECONNREFUSED)
        if found is None and not _is_here(target[0]):
            raise _error(_ENETUNREACH)
        return found

    def _name_itself(self, target):
        """Gives a socket that has no address yet one from which it reaches the other."""
        node = self._node
        if node.family != _AF_UNIX and node.local is None:
            _bind(node, _place(node.family, target[0] if target[0] not in ("0.0.0.0", "::") else "127.0.0.1" if node.family == _AF_INET else "::1", 0))
        if node.kind == _SOCK_DGRAM:
            self._hang_bell()

    def _accept(self):
        node = self._node
        if node is None:
            return super()._accept()
        if not node.listens:
            raise _error(_EINVAL)
        self._wait()
        descriptor = node.waiting.pop(0)
        return descriptor, _of_descriptor[descriptor].peer

    # ---- what a socket knows of itself ----

    def getsockname(self):
        node = self._node
        if node is not None and node.local is not None:
            return node.local
        family = self.family if node is None else node.family
        return ("0.0.0.0", 0) if family == _AF_INET else ("::", 0, 0, 0) if family == _AF_INET6 else ""

    def getpeername(self):
        node = self._node
        if node is None:
            return self.getsockname()
        if node.peer is None and (node.family != _AF_UNIX or node.local is not None):
            raise _error(_ENOTCONN)
        return node.peer or ""

    def setsockopt(self, level, option, value=None, length=None, /):
        if value is None:
            value = bytes(length)
        if self._node is not None:
            self._node.options[level, option] = value if isinstance(value, int) else bytes(value)

    def getsockopt(self, level, option, size=0, /):
        if level == _SOL_SOCKET and option in (_SO_TYPE, _SO_DOMAIN) and not size:
            return int(self.type if option == _SO_TYPE else self.family)
        if level == _SOL_SOCKET and option == _SO_ERROR and self._node is not None:
            return self._node.options.pop((level, option), 0)
        usual = 212992 if level == _SOL_SOCKET and option in (7, 8) else 0
        if level == _SOL_SOCKET and option == 30:
            usual = int(self._node is not None and self._node.listens)
        value = usual if self._node is None else self._node.options.get((level, option), usual)
        if size:
            return (value.to_bytes(4, "little", signed=True) if isinstance(value, int) else value)[:size]
        return value if isinstance(value, int) else int.from_bytes(value[:4], "little", signed=True)

    # ---- what is sent and received ----

    def _take(self, flags):
        """The next datagram, and where it came from."""
        node = self._node
        if node.bell < 0:
            self._hang_bell()
        self._wait(flags)
        return node.waiting[0] if flags & _MSG_PEEK else node.waiting.pop(0)

    def _is_datagram(self):
        return self._node is not None and self._node.kind == _SOCK_DGRAM

    def recv(self, bufsize, flags=0, /):
        if self._is_datagram():
            return self._take(flags)[0][:bufsize]
        return super().recv(bufsize, flags)

    def recv_into(self, buffer, nbytes=0, flags=0):
        if self._is_datagram():
            view = memoryview(buffer).cast("B")
            data = self._take(flags)[0][: nbytes or len(view)]
            view[: len(data)] = data
            return len(data)
        return super().recv_into(buffer, nbytes, flags)

    def recvfrom(self, bufsize, flags=0, /):
        if self._is_datagram():
            data, sender = self._take(flags)
            return data[:bufsize], sender
        return super().recv(bufsize, flags), None

    def recvfrom_into(self, buffer, nbytes=0, flags=0):
        if self._is_datagram():
            view = memoryview(buffer).cast("B")
            data, sender = self._take(flags)
            data = data[: nbytes or len(view)]
            view[: len(data)] = data
            return len(data), sender
        return super().recv_into(buffer, nbytes, flags), None

    def recvmsg(self, bufsize, ancbufsize=0, flags=0, /):
        if self._is_datagram():
            data, sender = self._take(flags)
            return data[:bufsize], [], _MSG_TRUNC if len(data) > bufsize else 0, sender
        return super().recv(bufsize, flags), [], 0, None

    def recvmsg_into(self, buffers, ancbufsize=0, flags=0, /):
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        data, _, truncated, sender = self.recvmsg(sum(map(len, views)), 0, flags)
        rest = data
        for view in views:
            part, rest = rest[: len(view)], rest[len(view) :]
            view[: len(part)] = part
        return len(data), [], truncated, sender

    def _send_to(self, data, target):
        node = self._node
        data = bytes(data)
        if len(data) > _MOST_BYTES:
            raise OSError(90, _posix.strerror(90))
        found = self._address_of(target)
        self._name_itself(target)
        if found is not None and (found.peer is None or found.peer == node.local):
            self._ring(found, (data, node.local))
        return len(data)

    def _check_peer(self):
        node = self._node
        if node is not None and node.peer is None:
            raise _error(_EDESTADDRREQ if node.kind == _SOCK_DGRAM else _ENOTCONN if node.family == _AF_UNIX else _EPIPE)

    def send(self, data, flags=0, /):
        self._check_peer()
        if self._is_datagram():
            return self._send_to(data, self._node.peer)
        return super().send(data, flags)

    def sendall(self, data, flags=0, /):
        self._check_peer()
        if self._is_datagram():
            self._send_to(data, self._node.peer)
        else:
            super().sendall(data, flags)

    def sendto(self, data, flags_or_address, address=None, /):
        address = flags_or_address if address is None else address
        if self._node is None:
            raise _error(_EISCONN)
        if self._is_datagram():
            return self._send_to(data, _resolve(self._node.family, address, "sendto"))
        self._check_peer()
        return super().send(data)

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None, /):
        if [*ancdata]:
            raise _error(_ENOSYS)
        data = b"".join(buffers)
        return self.send(data, flags) if address is None else self.sendto(data, flags, address)


def socketpair(family=_AF_UNIX, type=_SOCK_STREAM, proto=0, /):
    kind = int(type) & ~(_SOCK_NONBLOCK | _SOCK_CLOEXEC)
    if family != _AF_UNIX:
        raise _error(_EOPNOTSUPP if family in (_AF_INET, _AF_INET6) else _EAFNOSUPPORT)
    if kind not in (_SOCK_STREAM, _SOCK_SEQPACKET):
        raise _error(_EPROTONOSUPPORT if kind == _SOCK_DGRAM else _EPROTOTYPE)
    pair = tuple(socket(family, kind, proto, descriptor) for descriptor in _files.socketpair())
    for one in pair:
        one._node.peer = ""
        if int(type) & _SOCK_NONBLOCK:
            one.setblocking(False)
    return pair


def dup(fd, /):
    copy = _files.dup(fd)
    node = _of_descriptor.get(fd)
    if node is not None:
        node.descriptors.add(copy)
        _of_descriptor[copy] = node
    return copy


def close(fd, /):
    _posix.close(fd)
    node = _of_descriptor.get(fd)
    if node is not None:
        _forget(node, fd)
