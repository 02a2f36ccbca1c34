import helper
import jsn
def late():
    import shop.crat
