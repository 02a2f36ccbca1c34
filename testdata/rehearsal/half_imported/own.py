import weakref

log = []


class Kept:
    def __del__(self):
        log.append("own kept")


holder = Kept()
holder.me = holder
reference = weakref.ref(holder, lambda reference: log.append("own callback"))
print("stop")


def release():
    global holder
    del holder


def generator():
    try:
        yield
    finally:
        print("own generator")


running = generator()
next(running)
