import datetime
import os
import random
import secrets
import sys
import time
import uuid

import drawing
from app import helper

NUMBER = random.random()
PICKED = random.choice([1, 2, 3])
GENERATOR = random.Random()
BYTES = os.urandom(4)
TOKEN = secrets.token_hex(4)
ID = uuid.uuid4()
NOW = time.time()
TODAY = datetime.datetime.now()
SINCE = time.monotonic()
HOME = os.environ.get("HOME", "none")
LEVEL = os.getenv("LEVEL")
DEBUG = "DEBUG" in os.environ
EVERYTHING = dict(os.environ)
ARGUMENTS = sys.argv[1:]
HELPED = helper.draw()
helper.say("hello")


class Settings:
    started = helper.now()
    names = [helper.variable(name) for name in ("A", "B")]
