print("the main of sub", __name__)
