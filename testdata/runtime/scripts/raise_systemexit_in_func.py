# SystemExit from inside a function.
def f(): raise SystemExit(7)
f()
