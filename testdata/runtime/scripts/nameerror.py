# A suggestion in the traceback.
import sys
prin('x')
