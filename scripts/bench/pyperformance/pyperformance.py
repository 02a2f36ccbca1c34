"""Runs one benchmark of pyperformance as the main program.

usage: pyperformance.py NAME [ARGUMENT...]     NAME: a module run_NAME
"""

import runpy
import sys


def main():
    del sys.argv[0]
    runpy.run_module(f"run_{sys.argv[0]}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
