# atexit functions run behind an uncaught exception.
import atexit
atexit.register(lambda: print('bye'))
raise ValueError
