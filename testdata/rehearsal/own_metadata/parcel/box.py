class Wrap:
    around = "box"
