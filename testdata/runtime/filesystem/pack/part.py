def here():
    return __file__
