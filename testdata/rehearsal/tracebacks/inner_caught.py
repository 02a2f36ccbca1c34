def fail(value):
    return int(value)


thing = fail("no number")
