"""Asks for all variables before anything else."""
import os

copied = os.environ.copy()
count = len(os.environ)
listed = sorted(name for name in os.environ if name.startswith("OWN_"))
os.environ["OWN_NEW"] = "new"
merged = {**os.environ, "X": "y"} | {"OWN_A": "z"}
print(listed, copied.get("OWN_A"), merged["OWN_A"], "OWN_NEW" in copied, count == len(copied))
for name, value in os.environ.items():
    if name.startswith("OWN_"):
        print(name, value)
