"""The fallback."""
NAME = __name__
