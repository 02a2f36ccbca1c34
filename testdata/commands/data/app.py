import os
from pathlib import Path

for path in sorted(Path(__file__).parent.rglob('*.txt')):
    print(path, path.read_text().strip(), path.stat().st_mtime)
print(os.listdir('/pywasm/app/texts'))
