import random

random.seed(42)
NUMBERS = [random.random(), random.randint(1, 1000)]
OWN = random.Random(7)
OWN.random()
