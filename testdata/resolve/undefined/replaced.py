def fill():
    import sys
    sys.modules[__name__] = object()
fill()
