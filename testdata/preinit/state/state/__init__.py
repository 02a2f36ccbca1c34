"""What a program finds at its start of what it made while it was imported. `python -m state CHECK` prints it."""
