from shop.plugins import helper


def show(here):
    return helper.words((here / "texts" / "words.txt").read_text())
