"""A package whose core is in C."""
