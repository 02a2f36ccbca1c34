def csv():
    return "a,b"


def xml():
    return "<a/>"
