import os


def names_in(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".py"))
