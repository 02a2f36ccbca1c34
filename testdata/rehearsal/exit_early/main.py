import atexit
import weakref

atexit.register(print, "exit function")


class Ends:
    def __del__(self):
        print("finalizer")


ends = Ends()
import leaver
