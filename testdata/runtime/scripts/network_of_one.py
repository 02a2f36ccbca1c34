"""Sockets on the network of one machine."""
import asyncio
import errno
import gc
import os
import select
import selectors
import signal
import socket
import socketserver
import warnings


def stream():
    server = socket.create_server(("127.0.0.1", 0))
    host, port = server.getsockname()
    print(host, port > 1024, server.family, server.type, server.proto)
    client = socket.create_connection(("127.0.0.1", port), timeout=5)
    conn, address = server.accept()
    print(address == client.getsockname(), conn.getpeername() == address, client.getpeername() == server.getsockname())
    conn.sendall(b"hello " * 3)
    print(client.recv(5), client.recv(100))
    client.send(b"back")
    print(conn.recv(100, socket.MSG_PEEK), conn.recv(100))
    with client.makefile("rw") as file:
        file.write("line\n"); file.flush()
        print(conn.makefile("r").readline())
    client.shutdown(socket.SHUT_WR)
    print(conn.recv(10))
    conn.close()
    print(client.recv(10))
    client.close()
    try:
        socket.create_server(("127.0.0.1", port))
    except OSError as error:
        print(errno.errorcode[error.errno])
    server.setblocking(False)
    try:
        server.accept()
    except BlockingIOError as error:
        print(error)
    server.settimeout(0.01)
    try:
        server.accept()
    except TimeoutError as error:
        print(repr(error))
    server.close()
    try:
        socket.create_connection(("127.0.0.1", port))
    except ConnectionRefusedError as error:
        print(error)
    again = socket.create_server(("127.0.0.1", port))
    again.close()


def errors():
    for call in (
        lambda s: s.bind(("8.8.8.8", 1)), lambda s: s.bind("x"), lambda s: s.bind(("127.0.0.1", 70000)), lambda s: s.bind(("127.0.0.1",)),
        lambda s: s.getpeername(), lambda s: s.accept(), lambda s: s.send(b"x"), lambda s: s.bind(("nowhere.invalid.", 1)),
        lambda s: print(s.getsockname()), lambda s: s.bind(("", 0)) or s.bind(("", 0)), lambda s: s.connect_ex(("127.0.0.1", 1)),
    ):
        with socket.socket() as s:
            try:
                print(call(s))
            except socket.gaierror:
                print("gaierror")
            except Exception as error:
                print(type(error).__name__, error)


def datagrams():
    a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    a.bind(("127.0.0.1", 0)); b.bind(("localhost", 0))
    print(b.sendto(b"ping", a.getsockname()))
    data, sender = a.recvfrom(100)
    print(data, sender == b.getsockname())
    a.connect(sender)
    a.send(b"pong" * 3)
    print(b.recv(4))
    a.send(b"x")
    print(b.recvfrom(10)[0], select.select([b], [], [], 0)[0])
    b.setblocking(False)
    try:
        b.recv(1)
    except BlockingIOError as error:
        print(error)
    a.close(); b.close()


def unix():
    path = "/tmp/s.sock"
    if os.path.exists(path): os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path); server.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    conn, address = server.accept()
    print(address, server.getsockname(), client.getpeername(), repr(client.getsockname()))
    client.sendall(b"u"); print(conn.recv(5))
    try:
        socket.socket(socket.AF_UNIX).bind(path)
    except OSError as error:
        print(error)
    for s in (server, client, conn): s.close()
    os.unlink(path)
    try:
        socket.socket(socket.AF_UNIX).connect(path)
    except OSError as error:
        print(error)


class Upper(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline().upper())


def request_server():
    with socketserver.TCPServer(("127.0.0.1", 0), Upper) as server:
        with socket.create_connection(server.server_address) as client:
            client.sendall(b"shout\n")
            server.handle_request()
            print(client.recv(100))


async def echo(reader, writer):
    name = writer.get_extra_info("peername")
    print("from", name[0])
    while line := await reader.readline():
        writer.write(b"echo " + line)
        await writer.drain()
    writer.close()


async def talk(port, words):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for word in words:
        writer.write(word.encode() + b"\n")
        answers.append((await reader.readline()).decode().strip())
    writer.close()
    await writer.wait_closed()
    return answers


class Pong(asyncio.DatagramProtocol):
    def connection_made(self, transport): self.transport = transport
    def datagram_received(self, data, address): self.transport.sendto(b"pong " + data, address)


class Asks(asyncio.DatagramProtocol):
    def __init__(self): self.answer = asyncio.get_running_loop().create_future()
    def connection_made(self, transport): transport.sendto(b"one")
    def datagram_received(self, data, address): self.answer.set_result(data)


async def loop():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        print(await asyncio.gather(*(talk(port, ["a%d" % i, "b"]) for i in range(3))))
        big = await asyncio.open_connection("127.0.0.1", port)
        big[1].write(b"z" * 60000 + b"\n")
        print(len(await big[0].readline()))
        big[1].close()
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as error:
        print(str(error)[:40])
    running = asyncio.get_running_loop()
    pong, _ = await running.create_datagram_endpoint(Pong, local_addr=("127.0.0.1", 0))
    asks, protocol = await running.create_datagram_endpoint(Asks, remote_addr=pong.get_extra_info("sockname"))
    print(await asyncio.wait_for(protocol.answer, 5))
    pong.close(); asks.close()
    path = "/tmp/loop.sock"
    unix_server = await asyncio.start_unix_server(echo_unix, path)
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b"hi\n"); print(await reader.readline())
    writer.close(); unix_server.close()
    await unix_server.wait_closed()


async def echo_unix(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


def numbers():
    print(socket.AF_INET, repr(socket.AF_INET6), repr(socket.SOCK_STREAM), repr(socket.MSG_PEEK), socket.SHUT_RDWR)
    print(socket.getaddrinfo("127.0.0.1", 80))
    print([repr(e) for e in socket.AddressInfo if e.name in ("AI_PASSIVE", "AI_ALL")])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as s:
        print(s.type, s.getblocking(), s.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE))
    a, b = socket.socketpair()
    print(a.family, a.type, repr(a.getsockname()), repr(a.getpeername()))
    d = a.dup()
    a.close()
    d.send(b"q"); print(b.recv(3))
    fd = d.detach()
    e = socket.socket(fileno=fd)
    e.send(b"r"); print(b.recv(3), e.family, e.type)
    e.close(); b.close()
    print(socket.inet_pton(socket.AF_INET6, "::1"), socket.inet_ntop(socket.AF_INET, b"\x7f\0\0\1"))


async def signals():
    running = asyncio.get_running_loop()
    done = asyncio.Event()
    running.add_signal_handler(signal.SIGTERM, done.set)
    running.call_later(0.01, signal.raise_signal, signal.SIGTERM)
    await asyncio.wait_for(done.wait(), 5)
    print(running.remove_signal_handler(signal.SIGTERM), running.remove_signal_handler(signal.SIGTERM))
    for sig in ("x", 1000, signal.SIGKILL):
        try:
            running.add_signal_handler(sig, print)
        except Exception as error:
            print(type(error).__name__, error)


def six():
    server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    port = server.getsockname()[1]
    print(server.getsockname()[0], len(server.getsockname()))
    client = socket.create_connection(("::1", port))
    conn, address = server.accept()
    print(client.family, address[0], conn.getsockname()[:1], client.getpeername()[2:])
    for s in (server, client, conn): s.close()
    both = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    client = socket.create_connection(("127.0.0.1", both.getsockname()[1]))
    conn, address = both.accept()
    print(address[0], conn.getsockname()[0], client.getpeername()[0])
    for s in (both, client, conn): s.close()
    one = socket.socket(); one.bind(("127.0.0.1", 0)); port = one.getsockname()[1]
    del one
    gc.collect()
    with socket.socket() as again:
        again.bind(("127.0.0.1", port))
        print("bound again")
    with selectors.DefaultSelector() as sel, socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        sel.register(server, selectors.EVENT_READ)
        print(sel.select(0))
        with socket.socket() as client:
            client.setblocking(False)
            print(client.connect_ex(server.getsockname()))
            sel.register(client, selectors.EVENT_WRITE)
            print(sorted(key.fileobj is client for key, events in sel.select(1)))
            conn, _ = server.accept()
            with conn:
                print(sel.select(0)[0][1])


class Chat(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport; print("made", transport.get_extra_info("sockname")[0])
    def data_received(self, data): self.transport.write(data[::-1]); self.transport.write_eof() if data == b"end" else None
    def connection_lost(self, error): print("lost", error)


async def protocols():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Chat, "127.0.0.1", 0)
    print(len(server.sockets))
    port = server.sockets[-1].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for word in (b"abc", b"end"):
        writer.write(word); print(await reader.read(10))
    print(await reader.read(10), reader.at_eof())
    writer.close(); await writer.wait_closed()
    server.close(); await server.wait_closed()
    await asyncio.sleep(0)
    sock = socket.socket(); sock.setblocking(False)
    server = await loop.create_server(Chat, "127.0.0.1", 0)
    await loop.sock_connect(sock, server.sockets[0].getsockname())
    await loop.sock_sendall(sock, b"raw"); print(await loop.sock_recv(sock, 10))
    sock.close(); await asyncio.sleep(0.01); server.close()


warnings.simplefilter("ignore")
for call in (stream, errors, datagrams, unix, request_server, numbers, six):
    call()
for coroutine in (loop, signals, protocols):
    asyncio.run(coroutine())
