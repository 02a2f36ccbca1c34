# A file left open is closed in silence.
f = open(__file__)
del f
