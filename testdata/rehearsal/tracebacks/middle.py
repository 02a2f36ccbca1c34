import sys

print("middle")
from inner import thing
