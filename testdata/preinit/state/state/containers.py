"""Containers that hash by id or by value, filled at import and used at start."""
import abc
import contextvars
import decimal
import threading
import types
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


THINGS = [Thing(f"thing{number}") for number in range(200)]
BY_ID = {id(thing): thing for thing in THINGS}
BY_THING = {thing: index for index, thing in enumerate(THINGS)}
TEXTS = {f"text {number}": number for number in range(1000)}
SETS = [{text for text in TEXTS}, frozenset(THINGS), {1.5, None, b"bytes", ("tuple", 1), int, print}]
WEAK_KEYS = weakref.WeakKeyDictionary({thing: thing.name for thing in THINGS})
WEAK_VALUES = weakref.WeakValueDictionary({thing.name: thing for thing in THINGS})
WEAK_SET = weakref.WeakSet(THINGS)
GONE = []
CALLED_BACK = weakref.ref(THINGS[7], lambda reference: GONE.append("called back"))
PROXY = weakref.proxy(THINGS[0])
METHODS = {Thing.__repr__: "repr", THINGS[1].__repr__: "bound"}
VIEW = types.MappingProxyType(TEXTS)
VARIABLE = contextvars.ContextVar("VARIABLE", default="default")
VARIABLE.set("set at import")
CONTEXT = contextvars.copy_context()
LOCAL = threading.local()
LOCAL.value = "set at import"
LOCK = threading.Lock()
LOCK.acquire()
RLOCK = threading.RLock()
decimal.getcontext().prec = 5


class Shape(abc.ABC):
    pass


@Shape.register
class Square:
    pass


IS_SHAPE = isinstance(Square(), Shape), isinstance(1, Shape)


def check_containers():
    print(all(BY_ID[id(thing)] is thing for thing in THINGS), all(BY_THING[t] == i for i, t in enumerate(THINGS)))
    print(all(TEXTS[f"text {number}"] == number for number in range(1000)), "text x" in TEXTS, VIEW["text " + "7"])
    print("text 99" in SETS[0], THINGS[5] in SETS[1], Thing("thing5") in SETS[1], ("tuple", 1) in SETS[2], int in SETS[2], print in SETS[2])
    print(len(WEAK_KEYS), WEAK_KEYS[THINGS[3]], WEAK_VALUES["thing9"], THINGS[4] in WEAK_SET, len(WEAK_SET), PROXY.name)
    print(METHODS[Thing.__repr__], METHODS[THINGS[1].__repr__])
    TEXTS.update({f"late {number}": number for number in range(1000)})
    print(len(VIEW), VIEW["late 999"], IS_SHAPE, isinstance(Square(), Shape), isinstance(1, Shape))


def check_weak_references():
    thing = THINGS[7]
    del BY_ID[id(thing)], BY_THING[thing]
    SETS.clear()
    THINGS.remove(thing)
    print(CALLED_BACK() is thing, GONE)
    del thing
    print(CALLED_BACK(), GONE, len(WEAK_KEYS), len(WEAK_VALUES), len(WEAK_SET), "thing7" in WEAK_VALUES)


def check_contexts():
    print(VARIABLE.get(), CONTEXT[VARIABLE], CONTEXT.run(VARIABLE.get), contextvars.Context().run(VARIABLE.get))
    print(LOCAL.value, LOCK.locked(), LOCK.acquire(blocking=False), threading.current_thread().name)
    print(threading.main_thread() is threading.current_thread(), threading.active_count())
    LOCK.release()
    with LOCK, RLOCK, RLOCK:
        print(LOCK.locked())
    print(decimal.Decimal(1) / 3, decimal.getcontext().prec)
