import patched
patched.added = 1
