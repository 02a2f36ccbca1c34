import importlib

NAME = "rates".lower()
RATES = importlib.import_module("shop." + NAME).RATES
