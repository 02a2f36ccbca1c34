import numbers_of_import
import random

print(numbers_of_import.NUMBERS)
print(random.random(), random.randint(1, 1000), numbers_of_import.OWN.random())
