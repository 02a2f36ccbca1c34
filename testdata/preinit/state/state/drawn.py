"""Numbers that have to differ from start to start, by names that were bound at import."""
import os
import random as random_module
import secrets
import tempfile
import uuid
from random import choice, getrandbits, randint, random, sample, shuffle


class Holder:
    draw = random_module.random


def by_default(draw=random_module.random):
    return draw()


def shuffled():
    numbers = list(range(50))
    shuffle(numbers)
    return numbers


def check_drawn():
    """One line for each source; every line differs from start to start."""
    print(random())
    print(Holder.draw())
    print(by_default())
    print([choice(range(1000)) for _ in range(10)])
    print(getrandbits(64), randint(0, 1 << 60), sample(range(10_000), 5))
    print(shuffled())
    print(random_module.random(), random_module.gauss(), random_module.uniform(0, 1))
    print(random_module.Random().random())
    print(random_module.SystemRandom().random())
    print(os.urandom(8).hex())
    print(uuid.uuid4())
    print(uuid.uuid1())
    print(secrets.token_hex(8), secrets.randbelow(1 << 60))
    print(next(tempfile._get_candidate_names()))


def check_random_is_itself():
    print(type(random_module._inst) is random_module.Random, random is random_module.random)
    print(type(random_module.random).__name__, random_module.random.__self__ is random_module._inst)
    random_module.seed(42)
    print(random(), Holder.draw(), by_default(), randint(1, 1000))
    state = random_module.getstate()
    first = random()
    random_module.setstate(state)
    print(first == random())
