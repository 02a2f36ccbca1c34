# The traceback of a runaway recursion is shortened.
def f(): f()
f()
