NAME = "last"
