# KeyboardInterrupt by a raised signal.
import signal
print('a')
signal.raise_signal(signal.SIGINT)
print('no')
