class Base:
    seen = []

    def __init_subclass__(cls):
        Base.seen.append(cls.__name__)
