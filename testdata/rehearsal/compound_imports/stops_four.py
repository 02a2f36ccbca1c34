print(__name__)
value = 4
