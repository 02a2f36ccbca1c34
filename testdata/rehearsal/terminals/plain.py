def show(*values):
    print("plain", *values)
