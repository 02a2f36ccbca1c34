import curses
import ctypes
import fcntl
import ssl

print(curses, ctypes, fcntl, ssl)
