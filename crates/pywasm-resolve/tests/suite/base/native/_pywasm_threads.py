"""Stands in for the base's builtin module: calls run in the thread that asks for them."""


def new():
    return [None]


def ident(state):
    return id(state)


def run(state, function, *arguments):
    return function(*arguments)
