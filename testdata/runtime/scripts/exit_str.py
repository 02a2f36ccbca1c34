# sys.exit(str): the text on stderr, code 1.
import sys; print('out'); sys.exit('message')
