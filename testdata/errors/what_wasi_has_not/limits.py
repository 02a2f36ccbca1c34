"""What WASI preview 1 has not: each is tried, and the error is printed."""

import sys


def threads():
    import threading

    threading.Thread(target=print).start()


def processes():
    from concurrent.futures import ProcessPoolExecutor

    ProcessPoolExecutor()


def lock():
    import threading

    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def subprocess():
    import subprocess

    subprocess.run(["true"])


def system():
    import os

    os.system("true")


def fork():
    import os

    os.fork()


def ssl():
    import ssl

    context = ssl.create_default_context()
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")


def https():
    import urllib.request

    urllib.request.urlopen("https://localhost/")


def http():
    import urllib.request

    urllib.request.urlopen("http://localhost/")


def ctypes():
    import ctypes

    ctypes.CDLL("libc.so.6")


def sockets():
    import socket

    socket.create_connection(("localhost", 80))


def asyncio_subprocess():
    import asyncio

    asyncio.run(asyncio.create_subprocess_exec("true"))


def multiprocessing():
    import multiprocessing

    multiprocessing.Process(target=print).start()


for name in sys.argv[1:]:
    try:
        error = globals()[name]()
    except Exception as caught:
        error = caught
    kinds = [kind.__name__ for kind in type(error).__mro__[:-3]]
    print(f"{name}: {' < '.join(kinds)}: {error}")
