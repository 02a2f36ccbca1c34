# os._exit() ends at once.
import os
print('lost?', flush=True)
os._exit(9)
