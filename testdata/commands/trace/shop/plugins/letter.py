import string


def show(here):
    return string.Template("dear $name").substitute(name="Ada")
