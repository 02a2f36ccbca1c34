import random
import time

SEED = random.getrandbits(32)
START = time.perf_counter()
