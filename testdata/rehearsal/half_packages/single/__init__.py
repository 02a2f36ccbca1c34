import time

import single.part

DONE = time.perf_counter() >= 0
print("single goes on")
