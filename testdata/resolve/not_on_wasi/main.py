import helper
import winreg
import random
