def write():
    return "LOUD"
