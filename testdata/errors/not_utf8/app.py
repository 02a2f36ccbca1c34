# café
print("x")
