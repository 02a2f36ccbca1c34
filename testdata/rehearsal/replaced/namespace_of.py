import sys
import types

sys.modules[__name__] = types.SimpleNamespace(value="value")
print("namespace")
import replaced
