import random
import uuid
import os

GENERATOR = random._inst


def value():
    return GENERATOR.random(), uuid.uuid4().hex, os.urandom(4)
