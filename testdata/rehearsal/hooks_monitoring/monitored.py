def function():
    return 1


one = 1
print("monitored")
two = 2
