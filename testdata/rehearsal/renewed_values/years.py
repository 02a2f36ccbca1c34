import time


class Info:
    def __init__(self):
        self.year = time.localtime().tm_year
        self.century = self.year // 100 * 100


INFO = Info()
OWN = time.localtime().tm_year
