import os
import sys

OPEN = open(__file__)
with open(__file__) as file:
    TEXT = file.read()
try:
    MISSING = open("/etc/hostname")
except OSError:
    MISSING = None
EXISTS = os.path.exists("/data/settings.ini")
LINE = sys.stdin.readline()
sys.stdout.write("bytes\n")
