def show(*values):
    print("pretty", *values)
