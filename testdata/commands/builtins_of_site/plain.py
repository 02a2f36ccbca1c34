import sys

print('site' in sys.modules, sys.flags.no_site)
