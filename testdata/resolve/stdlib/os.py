import sys
name = "posix"
_names = sys.builtin_module_names
if "posix" in _names:
    import posixpath as path
elif "nt" in _names:
    import ntpath as path
sys.modules["os.path"] = path
