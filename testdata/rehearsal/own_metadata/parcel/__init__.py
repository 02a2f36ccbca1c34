from importlib.metadata import version

__version__ = version("parcel-kit")


def main():
    return 0
