import sys

sys.modules["real_name"] = sys.modules[__name__]
__name__ = "real_name"
print("renamed", __name__)
answer = __name__
