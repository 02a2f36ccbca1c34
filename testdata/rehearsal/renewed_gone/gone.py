import time

YEAR = time.localtime().tm_year
