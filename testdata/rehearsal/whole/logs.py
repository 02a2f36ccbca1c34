import logging


class Loud(logging.Formatter):
    def format(self, record):
        return record.getMessage().upper()
