"""Runs pip for the Python of the artifact: its markers and its tags take the place of the host's.

usage: python driver.py TARGET.json PIP-ARGUMENTS...
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    target = json.load(file)

from pip._internal.models import target_python
from pip._vendor.packaging import markers
from pip._vendor.packaging.tags import Tag

for module, name in ((markers, "default_environment"), (target_python, "get_supported")):
    if not hasattr(module, name):
        sys.exit(f"this pip has no {module.__name__}.{name}: use another version of it (23 to 26), or uv")

tags = [Tag(*tag) for tag in target["tags"]]
markers.default_environment = lambda: dict(target["environment"])
target_python.get_supported = lambda *arguments, **options: list(tags)

from pip._internal.cli.main import main

sys.exit(main(sys.argv[2:]))
