import sys
def slow():
    import not_installed
if len(sys.argv) > 3:
    import not_installed_either
try:
    from . import speedups
except ImportError:
    speedups = None
