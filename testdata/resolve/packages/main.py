import shop.cart
from shop import prices, VERSION
from shop.store import *
import json.decoder as decoder
from os import path
import os.path
