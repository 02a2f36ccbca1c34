NAME = "trunk"
