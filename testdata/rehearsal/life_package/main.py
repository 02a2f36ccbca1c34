"""A package whose only end is a suspended generator."""
import package
import contextlib_user

print("main")
