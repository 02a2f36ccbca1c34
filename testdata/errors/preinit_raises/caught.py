try:
    import not_there
except ImportError:
    not_there = None
try:
    import lacking
except ImportError:
    lacking = None

print(not_there, lacking)
