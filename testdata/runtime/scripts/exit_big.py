# An exit code that fits no C int.
import sys; sys.exit(2**70)
