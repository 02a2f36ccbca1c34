"""Copies of descriptors, pipes, pairs of sockets, and who is ready."""
import errno
import os
import select
import selectors
import socket
import stat
import sys
import tempfile


def attempt(what, function, *arguments):
    try:
        print(what, function(*arguments))
    except OSError as error:
        print(what, type(error).__name__, errno.errorcode[error.errno], error.strerror)


with tempfile.TemporaryFile() as file:
    copy = os.dup(file.fileno())
    os.write(copy, b"both")
    print(file.tell(), os.lseek(copy, 0, os.SEEK_CUR), copy != file.fileno())
    os.close(copy)
    attempt("closed", os.read, copy, 1)

    print("to the stream", flush=True)
    saved = os.dup(1)
    os.dup2(file.fileno(), 1)
    print("to the file", flush=True)
    os.dup2(saved, 1)
    os.close(saved)
    print("to the stream again", flush=True)
    file.seek(0)
    print(file.read())

read, write = os.pipe()
print(stat.S_ISFIFO(os.fstat(read).st_mode), select.select([read], [write], [], 0) == ([], [write], []))
os.write(write, b"through")
print(select.select([read], [], [], 0) == ([read], [], []), os.read(read, 4), os.read(read, 100))
attempt("seek", os.lseek, read, 0, os.SEEK_SET)
os.set_blocking(read, False)
attempt("empty", os.read, read, 1)
os.close(write)
print(os.read(read, 1), flush=True)
os.close(read)
with os.fdopen(os.dup(1), "w") as stream:
    stream.write("a copy of the stream\n")

one, other = socket.socketpair()
one.sendall(b"there")
other.sendall(b"and back")
print(other.recv(2, socket.MSG_PEEK), other.recv(100), one.recv(100), one.family.name, one.type.name)
one.setblocking(False)
attempt("nothing", one.recv, 1)
with selectors.DefaultSelector() as selector:
    selector.register(one, selectors.EVENT_READ)
    print(selector.select(0))
    other.send(b"!")
    print([key.fileobj is one for key, _ in selector.select(0)])
other.shutdown(socket.SHUT_WR)
print(one.recv(5), one.recv(5))
other.close()
attempt("to nobody", one.send, b"x")
one.close()
with socket.socketpair()[0].makefile("rw") as file:
    print(file.readable(), file.writable())

attempt("not open", os.dup, 999)
attempt("not open", os.fstat, 999)
print(os.isatty(sys.stdin.fileno()), os.path.exists("/dev/fd/1"))
