import fcntl
import multiprocessing.shared_memory
import curses

print(fcntl, curses)
