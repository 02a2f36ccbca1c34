"""Data files of a package, read in every way that Python has."""
