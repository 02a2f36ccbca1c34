"""Validates Python source by its syntax tree, without running it."""
