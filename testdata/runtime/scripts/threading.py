# What threading has without threads.
import threading
print(threading.current_thread().name, threading.active_count())
l = threading.Lock()
with l: pass
x = threading.local(); x.a = 1; print(x.a)
