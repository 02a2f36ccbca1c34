"""Shows what it is given."""


def shown(thing):
    return thing.__doc__
