import os
import sys
from pathlib import Path

import shop

HERE = Path(__file__).parent

print((HERE / "notes.txt").read_text().strip())
for name in sys.argv[1:]:
    if name == "leave":
        os._exit(3)
    print(shop.plugin(name).show(HERE))
