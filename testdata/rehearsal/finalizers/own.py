VALUE = 5


class Ends:
    def __del__(self):
        print("ends in own", VALUE)


def wait():
    try:
        yield 1
    finally:
        print("the generator ends", VALUE)


ends = Ends()
waiting = wait()
next(waiting)
