import sys
sys.modules[__name__ + ".moves"] = sys
