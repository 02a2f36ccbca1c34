# atexit functions run, last one first, behind sys.exit().
import atexit, sys
atexit.register(lambda: print('bye'))
atexit.register(lambda: print('first'))
print('hi')
sys.exit(4)
