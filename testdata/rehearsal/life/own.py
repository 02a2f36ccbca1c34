import gc
import weakref

log = []
fresh = [1]


class Kept:
    def __del__(self):
        log.append("own kept")


class Dead:
    pass


holder = Kept()
holder.me = holder
reference = weakref.ref(holder, lambda reference: log.append("own callback"))
dead_one = Dead()
dead_one.me = dead_one
dead = weakref.ref(dead_one)
del dead_one


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
