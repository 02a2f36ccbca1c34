"""Asks for the proxies while it is loaded: of the environment these are variables by the end of their names."""
import os
from urllib.request import getproxies, proxy_bypass_environment

FOUND = getproxies()
BYPASS = bool(proxy_bypass_environment("example.org"))
os.environ["ftp_proxy"] = "own"
LATER = getproxies()
print(FOUND, BYPASS, LATER)
