BEFORE = 20
print("stop here")
VALUE = BEFORE + 1
