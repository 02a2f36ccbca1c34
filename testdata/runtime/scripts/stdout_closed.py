# A closed stdout is no error.
import sys
print('x')
sys.stdout.close()
