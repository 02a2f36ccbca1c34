"""Reads variables that the project expects, and changes the environment."""

import os

BEFORE = [n * n for n in range(10)]
MODE = os.environ.get("MODE", "none")
import settings

os.environ["LEVEL"] = settings.LEVEL + "0"
os.environ.setdefault("EMPTY", "default")
os.environ.setdefault("OWN", "own")
TAKEN = os.environ.pop("TAKEN", None)
TABLE = {MODE: settings.LEVEL, "empty": os.environ["EMPTY"]}

print(BEFORE[-1], MODE, TABLE, TAKEN, settings.OTHER)
print(os.environ["LEVEL"], os.getenv("SPARE"), "SPARE" in os.environ, os.environ["OWN"], "TAKEN" in os.environ)
print([name for name in os.environ if name in ("MODE", "LEVEL", "EMPTY", "SPARE", "OWN", "TAKEN")])
