for name in ["x"]:
    globals()[name] = 1
