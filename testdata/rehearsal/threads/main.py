"""Locks, thread-local values and threads that are refused."""
import concurrent.futures
import contextlib
import queue
import threading

lock = threading.Lock()
lock.acquire()
rlock = threading.RLock()
rlock.acquire()
local = threading.local()
local.value = "local"
event = threading.Event()
condition = threading.Condition()
pool = concurrent.futures.ThreadPoolExecutor(2)
line = queue.Queue()
line.put("queued")
main = threading.current_thread()
identity = threading.get_ident()
thread = threading.Thread(target=print, args=("in a thread",), name="own")
main.name = "renamed"
timer = threading.local()
semaphore = threading.Semaphore(1)
semaphore.acquire()
import holder

print("stop")
print(lock.locked(), rlock._is_owned(), local.value, event.is_set(), line.get(), main is threading.main_thread(), identity == threading.get_ident())
print(threading.current_thread().name, thread.name, thread.is_alive(), threading.active_count(), semaphore.acquire(blocking=False))
rlock.release()
lock.release()
with lock, condition:
    print(holder.lock.locked(), holder.name)
