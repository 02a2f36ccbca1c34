def compute(value):
    return 1 / value


VALUE = compute(0)
