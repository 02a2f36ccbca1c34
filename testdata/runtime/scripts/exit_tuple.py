# sys.exit(tuple): its repr on stderr, code 1.
import sys; sys.exit((1,2))
