from sys import argv as kept
