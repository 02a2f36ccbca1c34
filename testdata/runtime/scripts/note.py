# A note on an exception.
e = ValueError(1); e.add_note('n'); raise e
