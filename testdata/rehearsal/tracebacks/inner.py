import sys

print("inner", sys._getframe().f_code.co_name)


class Broken:
    for number in range(3):
        attribute = 10 // (2 - number)
