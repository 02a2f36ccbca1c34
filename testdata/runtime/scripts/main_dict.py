# What is in `__main__`.
import sys
'''x'''
print(sorted(k for k in globals()), __name__, __package__, __spec__, __cached__, __doc__, __builtins__, sys.modules['__main__'].__dict__ is globals())
