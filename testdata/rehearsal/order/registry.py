names = []


def add(name):
    names.append(name)
    return len(names)
