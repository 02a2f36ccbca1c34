"""Threads that end by themselves, which `threads = "eager"` runs within start()."""
import _thread
import contextvars
import queue
import threading

local = threading.local()
local.name = "main"
variable = contextvars.ContextVar("variable", default="fresh")
variable.set("main")
results = queue.Queue()


def work(number):
    me = threading.current_thread()
    results.put((number, me.name, me is threading.main_thread(), hasattr(local, "name"), variable.get()))
    local.name = number
    assert threading.get_ident() == me.ident


threads = [threading.Thread(target=work, args=(number,), name=f"worker-{number}") for number in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results.get() for _ in threads), local.name, variable.get(), [thread.is_alive() for thread in threads])
print(threading.active_count(), len({thread.ident for thread in threads}) <= 3, threading.enumerate() == [threading.main_thread()])


class Counter(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.found = None

    def run(self):
        inner = threading.Thread(target=lambda: setattr(self, "found", 42))
        inner.start()
        inner.join()


counter = Counter()
counter.start()
counter.join(5)
print(counter.found, counter.daemon)
try:
    counter.start()
except RuntimeError as error:
    print(error)
threading.excepthook = lambda args: print("hook", args.exc_type.__name__, args.thread.name)
failing = threading.Thread(target=lambda: 1 / 0, name="failing")
failing.start()
failing.join()
timer = threading.Timer(0.01, results.put, ["rang"])
timer.start()
timer.join()
print(results.get(timeout=5))
event = threading.Event()
threading.Thread(target=event.set).start()
print(event.wait(5))
done = _thread.allocate_lock()
done.acquire()
_thread.start_new_thread(done.release, ())
print(done.acquire(timeout=5))
lock = threading.RLock()
with lock:
    other = threading.Thread(target=lambda: results.put(lock.acquire(blocking=False)))
    other.start()
    other.join()
print(results.get())
