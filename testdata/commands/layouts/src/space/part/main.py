import space.other.piece


def run():
    print(__name__, space.other.piece.__name__, space.__path__)
    return 3
