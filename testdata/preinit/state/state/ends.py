"""What a program sees of its end: exit functions, destructors, files that were not closed."""
import asyncio
import atexit
import json
import sys
import threading
import weakref


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


class Holder:
    thing = None


def at_import():
    print("exit function of the import")


atexit.register(at_import)
atexit.register(print, "registered second")
IN_GLOBAL = Loud("global of the import")
_PRIVATE = Loud("private global of the import")
FINALIZED = Loud("finalized")
FINALIZER = weakref.finalize(FINALIZED, print, "finalizer of the import")
CYCLE = []
CYCLE.append(CYCLE)


def check_ends():
    atexit.register(print, "registered at start")
    weakref.finalize(IN_GLOBAL, print, "finalizer of the start")
    threading._register_atexit(print, "thread exit function")
    print("end of the program")


def check_unregistered():
    atexit.unregister(at_import)
    atexit.unregister(print)
    FINALIZER.detach()


def check_destructors():
    global LATE
    LATE = Loud("global of the start")
    Holder.thing = Loud("class attribute")
    sys.last_exc = Loud("sys.last_exc")
    local = Loud("local")
    print("end of the program")


def check_files():
    """`work` is mounted."""
    global FILE
    FILE = open("work/global.txt", "w")
    FILE.write("global")
    Holder.file = open("work/class.txt", "w")
    Holder.file.write("class")
    json.file = open("work/namespace.txt", "wb")
    json.file.write(b"namespace")
    local = open("work/local.txt", "w")
    local.write("local")
    cycle = [open("work/cycle.txt", "w")]
    cycle.append(cycle)
    cycle[0].write("cycle")
    atexit.register(lambda: open("work/exit.txt", "w").write("exit"))


def check_suspended_coroutine():
    async def never():
        try:
            await asyncio.sleep(1)
        finally:
            print("coroutine closed")

    global COROUTINE
    COROUTINE = never()
    COROUTINE.close()
    print("end of the program")
