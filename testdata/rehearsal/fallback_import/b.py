import os
data = list(range(5000))
try:
    c = os.environ["CCC"]
except KeyError:
    c = "no"
    import late
else:
    import other
data2 = {k: k for k in data}
print("b", c)
