"""Reads two variables, of which the project expects one."""

import os

LEVEL = os.environ.get("LEVEL", "1")
OTHER = os.getenv("OTHER")
