"""Pools of threads run at once; locks, queues and multiprocessing within the process."""
import asyncio, concurrent.futures as cf, contextvars, threading, time, sqlite3, queue
from concurrent.futures import ThreadPoolExecutor, as_completed, wait, FIRST_COMPLETED
from multiprocessing.pool import ThreadPool
from multiprocessing.dummy import Pool as DummyPool
var = contextvars.ContextVar("var", default="none")
local = threading.local()
def init(x): local.x = x
def work(n):
    if n == 3: raise ValueError(n)
    return n * n, local.x, var.get(), threading.current_thread().name, threading.current_thread() is threading.main_thread()
var.set("main")
with ThreadPoolExecutor(1, thread_name_prefix="pool", initializer=init, initargs=(7,)) as pool:
    futures = [pool.submit(work, n) for n in range(5)]
    for f in futures:
        try: print(f.result())
        except ValueError as e: print(repr(e))
    print(list(pool.map(lambda a, b: a + b, [1, 2], [3, 4])))
    done, rest = wait(futures); print(len(done), len(rest), sorted(len(str(f.exception())) for f in as_completed(futures)))
    print(futures[0].done(), futures[0].cancel(), futures[0].cancelled())
    print(pool.submit(lambda: pool.submit(int, "5")).result().result())
    print(local.__dict__)
try: pool.submit(print)
except RuntimeError as e: print(e)
def fail(): raise KeyError("init")
import logging; logging.disable(logging.CRITICAL)
with ThreadPoolExecutor(2, initializer=fail) as pool:
    f = pool.submit(print)
    try: f.result()
    except cf.BrokenExecutor as e: print(type(e).__name__, e)
    try: pool.submit(print)
    except cf.BrokenExecutor as e: print(type(e).__name__, e)
for bad in (lambda: ThreadPoolExecutor(0), lambda: ThreadPoolExecutor(initializer=3)):
    try: bad()
    except Exception as e: print(type(e).__name__, e)
c = sqlite3.connect(":memory:")
with ThreadPoolExecutor() as pool:
    try: pool.submit(c.execute, "select 1").result()
    except sqlite3.ProgrammingError as e: print("ProgrammingError")
async def main():
    var.set("task")
    loop = asyncio.get_running_loop()
    print(await asyncio.to_thread(lambda: (var.get(), threading.current_thread() is threading.main_thread())))
    print(await loop.run_in_executor(None, lambda: var.get()))
    try: await asyncio.to_thread(lambda: 1/0)
    except ZeroDivisionError as e: print(repr(e))
    def inner():
        try: asyncio.get_running_loop()
        except RuntimeError as e: print(e)
        return asyncio.run(asyncio.sleep(0.01, "inner"))
    print(await asyncio.to_thread(inner))
    print(await asyncio.gather(*(asyncio.to_thread(pow, 2, n) for n in range(4))))
    loop.set_default_executor(ThreadPoolExecutor(2, "mine"))
    print((await loop.run_in_executor(None, threading.current_thread)).name)
asyncio.run(main())
with ThreadPool(3) as p:
    print(p.map(abs, [-1, -2, 3]), p.apply(max, (1, 2)), p.apply_async(min, (1, 2)).get(1), list(p.imap(str, range(3))), sorted(p.imap_unordered(str, range(3))), p.starmap(pow, [(2, 3), (3, 2)]))
    r = p.map_async(int, ["1", "x"])
    try: r.get(5)
    except ValueError as e: print(e, r.ready(), r.successful())
    got = []; p.apply_async(len, ("abc",), callback=got.append).wait(); p.apply_async(int, ("q",), error_callback=lambda e: got.append(type(e))).wait(); time.sleep(0.05); print(got)
p = DummyPool(2); print(p.map(len, ["a", "bb"])); p.close(); p.join()
try: p.map(len, [])
except ValueError as e: print(e)
lock = threading.Lock()
print(lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01), lock.locked()); lock.release()
cond = threading.Condition()
with cond: print(cond.wait(0.01), cond.wait_for(lambda: True), cond.wait_for(lambda: False, 0.01))
print(threading.Event().wait(0.01)); sem = threading.BoundedSemaphore(1); print(sem.acquire(), sem.acquire(timeout=0.01)); sem.release()
b = threading.Barrier(1); print(b.wait())
q = queue.Queue(1); q.put(1)
try: q.put(2, timeout=0.01)
except queue.Full: print("full")
print(q.get()); q.task_done(); q.join()
for q in queue.Queue(), queue.SimpleQueue(), queue.LifoQueue(), queue.PriorityQueue():
    try: q.get(timeout=0.01)
    except queue.Empty: print("empty", type(q).__name__)
t = threading.Timer(10, print); t.cancel(); print(t.is_alive(), threading.active_count())
import multiprocessing as mp
l = mp.Lock()
with l: print(l.acquire(timeout=0.01))
rl = mp.RLock()
with rl, rl: print("rlock")
s = mp.Semaphore(2); s.acquire(); print(s.get_value())
e = mp.Event(); print(e.is_set(), e.wait(0.01)); e.set(); print(e.wait())
v = mp.Value("i", 5)
with v.get_lock(): v.value += 1
a = mp.Array("d", [1.5, 2.5]); a[0] = 9; print(v.value, a[:])
print(mp.RawArray("i", 3)[:], mp.cpu_count() > 0, mp.current_process().name, mp.active_children())
q = mp.Queue(2); q.put([1, 2]); q.put({"a": 1})
try: q.put(3, timeout=0.01)
except queue.Full: print("full")
print(q.get(), q.get(timeout=1), q.qsize()); 
try: q.get(timeout=0.01)
except queue.Empty: print("empty")
j = mp.JoinableQueue(); j.put(1); time.sleep(.05); print(j.get()); j.task_done(); j.join()
s = mp.SimpleQueue(); s.put("x"); print(s.empty(), s.get(), s.empty())
a, b = mp.Pipe(); a.send({"k": [1]}); print(b.poll(), b.recv()); b.send_bytes(b"raw"); print(a.recv_bytes(), a.poll(0.01)); b.close()
try: a.recv()
except EOFError: print("eof")
r, w = mp.Pipe(False)
try: r.send(1)
except OSError as e: print(e)
print(r.readable, r.writable)
