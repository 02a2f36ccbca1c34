print("profiled")


def function():
    return 1
