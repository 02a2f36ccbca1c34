"""Prints a line for each thing that has to be new at each start, read from what was made before the stop."""
import logging
import multiprocessing
import os
import random
import secrets
import sys
import tempfile
import threading
import time
import uuid

shuffle = random.shuffle
pick = random.choice
names = tempfile._get_candidate_names
system = random.SystemRandom


class Holder:
    draw = random.random


def later(draw=random.getrandbits):
    return draw(100)


from random import randint as number, gauss

import made

print("now")
print(random.random())
print(number(0, 10**15), Holder.draw(), gauss(0, 1))
print(later())
cards = list(range(100))
shuffle(cards)
print(cards)
print(pick(range(10**9)))
print(uuid.uuid4())
print(uuid.uuid1())
print(secrets.token_hex())
print(system().random(), secrets.SystemRandom().random())
print(os.urandom(8).hex())
print(next(names()))
print(bytes(multiprocessing.current_process().authkey).hex())
print(time.time_ns())
print(logging.makeLogRecord({}).created, logging._startTime)
print(random.getstate()[1][:5])
print(made.value())
print(random.Random().random())
