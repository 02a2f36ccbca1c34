if int:
    a = 1
else:
    import b
try:
    c: int = 1
except ValueError as d:
    pass
finally:
    (e, *f), [g] = (1, 2), [3]
with open("x") as h:
    for i in ():
        pass
    else:
        def j(): ...
match h:
    case {"x": [k, *_]}:
        pass
def set_globals():
    global m
    m = 1
print(n := 1)
