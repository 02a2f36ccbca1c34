"""Reaches what WASI lacks, and looks first where it can."""

import os
import threading

import colour

try:
    import tkinter
except ImportError:
    tkinter = None


def main():
    if hasattr(os, "fork"):
        os.fork()
    worker = threading.Thread(target=print)
    worker.start()
    print(colour.mix(1, 2))


main()
