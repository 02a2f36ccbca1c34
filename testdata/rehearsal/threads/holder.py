import threading

lock = threading.Lock()
lock.acquire()
name = threading.current_thread().name
