"""Converts records between formats, importing each format when it is asked for."""

__all__ = ["__version__", "shorten"]
__version__ = "1.1.0"


def __getattr__(name):
    """PEP 562: `lazy.shorten` is there without its module being imported at start."""
    if name == "shorten":
        from lazy.text import shorten

        return shorten
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
