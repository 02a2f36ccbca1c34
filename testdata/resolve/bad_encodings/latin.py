a = 1
name = "café"
