"""Only the texts of configurations name this module."""

import logging


class Loud(logging.Handler):
    def emit(self, record):
        print("loud", self.format(record))


class Short(logging.Formatter):
    def format(self, record):
        return "<" + record.getMessage() + ">"


class Only(logging.Filter):
    def __init__(self, word):
        super().__init__()
        self.word = word

    def filter(self, record):
        return self.word in record.getMessage()
