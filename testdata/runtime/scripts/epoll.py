# select.epoll over pipes, pairs of sockets, listeners and connections: events, their order, modes, errors.
import errno
import os
import select
import selectors
import socket
import tempfile

print(selectors.DefaultSelector is selectors.EpollSelector)
print(sorted((name, getattr(select, name)) for name in dir(select) if name.startswith("EPOLL")))
NAMES = [(name, getattr(select, name)) for name in (
    "EPOLLIN", "EPOLLPRI", "EPOLLOUT", "EPOLLERR", "EPOLLHUP", "EPOLLRDHUP", "EPOLLRDNORM", "EPOLLWRNORM")]


def show(events, names):
    print([(names[fd], "|".join(name[5:] for name, bit in NAMES if mask & bit)) for fd, mask in events])


def attempt(call, *args):
    try:
        print("done", call(*args))
    except (OSError, ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, getattr(error, "errno", None), error)


epoll = select.epoll()
print(epoll.closed, epoll.fileno() >= 0, type(epoll).__name__)
left, right = socket.socketpair()
names = {left.fileno(): "left", right.fileno(): "right"}
epoll.register(left)
epoll.register(right.fileno(), select.EPOLLIN)
show(epoll.poll(0), names)
left.send(b"hello")
show(epoll.poll(0), names)
show(epoll.poll(0, 1), names)
show(epoll.poll(timeout=0, maxevents=1), names)
print(right.recv(2))
show(epoll.poll(0), names)
right.recv(10)
epoll.modify(left, select.EPOLLIN | select.EPOLLRDHUP)
show(epoll.poll(0), names)
show(epoll.poll(0.02), names)

# Errors.
attempt(epoll.register, left)
attempt(epoll.unregister, left)
attempt(epoll.unregister, left)
attempt(epoll.modify, left, select.EPOLLIN)
attempt(epoll.register, 987654)
attempt(epoll.register, -1)
attempt(epoll.register, "x")
attempt(epoll.register, epoll.fileno())
attempt(epoll.poll, 0, 0)
attempt(epoll.poll, 0, -2)
attempt(epoll.poll, "x")
attempt(select.epoll, -2)
attempt(select.epoll, 1, 1)
attempt(lambda: type(select.epoll(5, select.EPOLL_CLOEXEC)).__name__)
with tempfile.TemporaryFile() as file:
    attempt(epoll.register, file)
folder = os.open("/tmp", os.O_RDONLY)
attempt(epoll.register, folder)
os.close(folder)

# The other end shuts one way, then both.
epoll.register(left, select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP)
right.shutdown(socket.SHUT_WR)
show(epoll.poll(0), names)
right.close()
show(epoll.poll(0), names)
left.close()
show(epoll.poll(0), names)

# Pipes.
reader, writer = os.pipe()
names = {reader: "reader", writer: "writer"}
epoll.register(reader, select.EPOLLIN)
epoll.register(writer, select.EPOLLOUT)
show(epoll.poll(0), names)
os.write(writer, b"abc")
show(epoll.poll(0), names)
os.close(writer)
show(epoll.poll(0), names)
os.read(reader, 10)
show(epoll.poll(0), names)
os.close(reader)
reader, writer = os.pipe()
epoll.register(writer, 0)
os.close(reader)
names = {writer: "writer"}
show(epoll.poll(0), names)
epoll.unregister(writer)
os.close(writer)

# Once for each change, and only once.
left, right = socket.socketpair()
names = {left.fileno(): "left", right.fileno(): "right"}
epoll.register(right, select.EPOLLIN | select.EPOLLET)
left.send(b"a")
show(epoll.poll(0), names)
show(epoll.poll(0), names)
left.send(b"b")
show(epoll.poll(0), names)
right.recv(1)
show(epoll.poll(0), names)
right.recv(1)
left.send(b"c")
show(epoll.poll(0), names)
epoll.modify(right, select.EPOLLIN | select.EPOLLONESHOT)
show(epoll.poll(0), names)
left.send(b"d")
show(epoll.poll(0), names)
epoll.modify(right, select.EPOLLIN | select.EPOLLONESHOT)
show(epoll.poll(0), names)
attempt(epoll.modify, right, select.EPOLLIN | select.EPOLLEXCLUSIVE)
epoll.unregister(right)
attempt(epoll.register, right, select.EPOLLIN | select.EPOLLEXCLUSIVE)
epoll.unregister(right)

# In the order in which they came.
pairs = [socket.socketpair() for _ in range(5)]
names = {pair[0].fileno(): number for number, pair in enumerate(pairs)}
for mine, _ in pairs:
    epoll.register(mine, select.EPOLLIN)
for number in (3, 0, 4, 1):
    pairs[number][1].send(b"x")
show(epoll.poll(0), names)
pairs[2][1].send(b"x")
show(epoll.poll(0, 3), names)
show(epoll.poll(0, 3), names)
show(epoll.poll(0, 3), names)

# A set within another.
with select.epoll() as outer:
    outer.register(epoll.fileno(), select.EPOLLIN)
    show(outer.poll(0), {epoll.fileno(): "inner"})
    print(select.select([epoll.fileno()], [], [], 0)[0] == [epoll.fileno()])
    attempt(epoll.register, outer.fileno())
    for mine, other in pairs:
        mine.close(), other.close()
    show(outer.poll(0), {epoll.fileno(): "inner"})
    again = select.epoll.fromfd(os.dup(outer.fileno()))
    attempt(again.register, epoll.fileno())
    again.close()
print(outer.closed)
attempt(outer.poll, 0)
attempt(outer.fileno)
attempt(outer.register, 0)
outer.close()
attempt(outer.__enter__)
attempt(select.epoll.fromfd(987654).poll, 0)
attempt(select.epoll.fromfd(os.dup(left.fileno())).poll, 0)

# A listener, a connection, and a socket that is registered before it connects.
with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
    client.setblocking(False)
    names = {server.fileno(): "server", client.fileno(): "client"}
    epoll.register(server, select.EPOLLIN | select.EPOLLOUT)
    epoll.register(client, select.EPOLLIN | select.EPOLLOUT)
    show(epoll.poll(0), names)
    print(errno.errorcode[client.connect_ex(server.getsockname())])
    show(sorted(epoll.poll(0.1)), names)
    accepted, _ = server.accept()
    names[accepted.fileno()] = "accepted"
    epoll.register(accepted, select.EPOLLIN | select.EPOLLRDHUP)
    client.send(b"hello")
    epoll.modify(client, select.EPOLLIN | select.EPOLLRDHUP)
    show(epoll.poll(0.1), names)
    accepted.recv(10)
    accepted.close()
    show(epoll.poll(0.1), names)
udp = socket.socket(type=socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
names = {udp.fileno(): "udp"}
epoll.register(udp, select.EPOLLIN | select.EPOLLOUT)
show(epoll.poll(0), names)
udp.sendto(b"x", udp.getsockname())
show(epoll.poll(0.1), names)
udp.close()

# The selector.
with selectors.DefaultSelector() as selector:
    left, right = socket.socketpair()
    selector.register(left, selectors.EVENT_READ | selectors.EVENT_WRITE, "data")
    print([(key.data, mask) for key, mask in selector.select(0)], selector.fileno() >= 0)
    right.send(b"x")
    print([(key.data, mask) for key, mask in selector.select()])
    selector.modify(left, selectors.EVENT_READ)
    print([(key.data, mask) for key, mask in selector.select(1)])
    left.recv(1)
    print(selector.select(0.01))
    left.close()
    selector.unregister(left)
    right.close()
epoll.close()
print(epoll.closed)
