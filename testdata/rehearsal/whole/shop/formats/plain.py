def write():
    return "plain"
