def later():
    from tools import exact
