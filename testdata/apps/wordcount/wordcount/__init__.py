"""Counts the words of text files."""

__version__ = "1.2.0"
