print("the main of tool", __name__, __package__)
