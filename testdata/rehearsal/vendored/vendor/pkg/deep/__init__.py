value = "deep value"
