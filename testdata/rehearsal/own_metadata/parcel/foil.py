class Wrap:
    around = "foil"
