import pathlib

kept = open(pathlib.Path(__file__).parent / "note.txt")
kept.read(2)


def function():
    return "source"
