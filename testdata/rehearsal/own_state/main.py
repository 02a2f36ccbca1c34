"""The state of random's generator, taken and put back."""
import random

state = random.getstate()
print(random.getstate() == state)
random.setstate(state)
first = random.random()
random.setstate(state)
print(random.random() == first)
