"""Addresses that need no network, and errors' names and words."""
import errno
import hashlib
import os
import socket

print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)[0][2:])
print(socket.getaddrinfo("::1", "8080", type=socket.SOCK_DGRAM)[0][2:])
print(socket.gethostbyname("127.0.0.1"), socket.inet_ntoa(b"\1\2\3\4"), socket.inet_aton("1.2.3.4"))
print(socket.getnameinfo(("10.1.2.3", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
for host, port in (("127.0.0.1", 1), ("not/a/name", 80)):
    try:
        socket.create_connection((host, port), timeout=1)
    except OSError as error:
        print(host, type(error).__name__)
unconnected = socket.socket()
for call in (unconnected.getpeername, lambda: unconnected.recv(1)):
    try:
        call()
    except OSError as error:
        print(errno.errorcode[error.errno], error.strerror)
unconnected.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
print(unconnected.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), unconnected.family.name, unconnected.type.name)
unconnected.close()

names = [name for name in dir(errno) if name.startswith("E") and name not in ("ENOTCAPABLE", "EOPNOTSUPP", "EWOULDBLOCK")]
print(len({getattr(errno, name) for name in names if name != "EDEADLOCK"}))
for name in names:
    print(name, os.strerror(getattr(errno, name)))
print(os.strerror(123456))

print(hashlib.pbkdf2_hmac("sha512", b"password", b"salt", 50, 100).hex())
for name in sorted(hashlib.algorithms_guaranteed):
    digest = hashlib.new(name, b"text")
    print(name, digest.hexdigest(8) if name.startswith("shake") else digest.hexdigest())
