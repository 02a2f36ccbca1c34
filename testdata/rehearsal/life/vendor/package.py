import weakref

class Log(list):
    pass


log = Log()


class Kept:
    pass


class Dead:
    def __del__(self):
        log.append("package dead")


holder = Kept()
holder.me = holder
finalizer = weakref.finalize(holder, log.append, "package finalizer")
last = weakref.finalize(log, print, "package finalizer at exit")
dead_one = Dead()
dead_one.me = dead_one
dead = weakref.ref(dead_one)
del dead_one


def release():
    global holder
    del holder


class Ends:
    def __init__(self, name):
        self.name = name
        self.print = print

    def __del__(self):
        self.print("package ends", self.name)


ends = Ends("alone")
pair = Ends("pair")
pair.me = pair
