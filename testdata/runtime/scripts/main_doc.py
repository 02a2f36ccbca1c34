# Docstring and annotations of `__main__`.
'''doc'''
print(__doc__, __annotations__)
x: int = 1
print(__annotations__)
