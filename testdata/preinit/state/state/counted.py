"""A module that counts how often it ran under the same name."""
times = globals().get("times", 0) + 1
COUNT = 7


class Thing:
    pass
