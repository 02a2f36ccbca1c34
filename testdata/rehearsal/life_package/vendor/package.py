import contextlib


def generator(say=print):
    try:
        yield 1
    finally:
        say("package generator closed")


running = generator()
next(running)


@contextlib.contextmanager
def manager(name, say=print):
    try:
        yield
    finally:
        say("manager closed", name)


entered = manager("package")
entered.__enter__()
