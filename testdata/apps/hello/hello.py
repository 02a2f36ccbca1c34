"""Greets people by name: from the arguments, or one name a line from standard input."""

import sys

USAGE = "usage: hello [--shout] [--fail CODE] [NAME ...]"


def greeting(name, shout=False):
    """One line of greeting for one person."""
    text = f"Hello, {name}!"
    return text.upper() if shout else text


def names_from(stream):
    """The names in a stream, one a line; blank lines do not count."""
    for line in stream:
        name = line.strip()
        if name:
            yield name


def main(argv):
    """Greets; returns the exit code, 1 where there was nobody to greet."""
    shout = False
    names = []
    arguments = iter(argv)
    for argument in arguments:
        if argument == "--shout":
            shout = True
        elif argument == "--fail":
            code = next(arguments, None)
            if code is None or not code.isdecimal():
                sys.exit("hello: --fail wants a number")
            print("failing as asked", file=sys.stderr)
            return int(code)
        elif argument.startswith("-"):
            print(f"hello: unknown option {argument!r}\n{USAGE}", file=sys.stderr)
            return 2
        else:
            names.append(argument)

    greeted = 0
    for name in names or names_from(sys.stdin):
        print(greeting(name, shout))
        greeted += 1
    if not greeted:
        print("hello: nobody to greet", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
