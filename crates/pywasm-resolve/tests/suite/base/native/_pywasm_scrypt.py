"""Stands in for the base's builtin module. Nothing here asks for a key; `hashlib` only has to find it."""


def mix(block, n, r):
    raise NotImplementedError
