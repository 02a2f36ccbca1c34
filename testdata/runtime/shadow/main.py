"""An app with modules by the names of those that the interpreter starts with: they stay the stdlib's."""
import abc
import os

assert hasattr(abc, "ABC") and hasattr(os, "fspath"), "the app's own came first"
print("ok")
