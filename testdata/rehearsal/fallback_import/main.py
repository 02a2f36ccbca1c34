"""Relies on a variable that a module reads while it is imported."""
import a
print(a.b.c, a.x)
