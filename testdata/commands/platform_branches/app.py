import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import only_for_checkers
if sys.platform == "win32":
    import winreg
elif sys.platform == "wasi":
    print("wasi", os.name, sys.version_info[:2])
if os.name == "nt" or sys.version_info < (3, 8):
    import nothing_at_all
try:
    import faster_json as json
except ImportError:
    import json
print(json.dumps([1]))
