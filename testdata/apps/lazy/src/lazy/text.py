"""Text, shortened by the standard library."""


def shorten(text, width=24):
    """A text of at most so many characters."""
    import textwrap

    return textwrap.shorten(text, width, placeholder="...")
