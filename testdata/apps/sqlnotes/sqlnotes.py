"""Notes in an SQLite database: commands come in on standard input, one a line.

    add TITLE | TEXT | TAG, TAG      show TITLE       list
    remove TITLE                     search WORD      tags
    facts                            dump             damage TITLE
"""

import sys

from store import NoteError, Store


def add(store, rest):
    """Adds a note; its number is the answer."""
    title, text, tags = (part.strip() for part in (rest + " | |").split("|")[:3])
    number = store.add(title, text.replace("\\n", "\n"), [tag.strip() for tag in tags.split(",") if tag.strip()])
    yield f"added {number}"


def show(store, title):
    """A note's text."""
    yield store.text(title)


def list_(store, _rest):
    """All titles with their tags."""
    for row in store.titles():
        yield f"{row['title']} [{row['tags'] or ''}]"


def remove(store, title):
    """Removes a note."""
    store.remove(title)
    yield f"removed {title}"


def search(store, word):
    """Titles of notes that hold a word."""
    yield ", ".join(title for (title,) in store.search(word)) or "nothing found"


def tags(store, _rest):
    """The ranking of tags."""
    for row in store.tags():
        yield f"{row['rank']}. {row['name']}: {row['notes']} ({row['share']:.0%})"


def facts(store, _rest):
    """Numbers about all notes."""
    yield store.facts()


def dump(store, _rest):
    """The tags as SQL."""
    yield from store.dump()


def damage(store, title):
    """Shows that a damaged note is noticed, and mends it."""
    with store.damaging(title):
        try:
            store.text(title)
        except NoteError as error:
            yield f"noticed: {error}"
    yield f"mended: {len(store.text(title))} characters"


COMMANDS = {"add": add, "show": show, "list": list_, "remove": remove, "search": search,
            "tags": tags, "facts": facts, "dump": dump, "damage": damage}


def main():
    """Runs the commands; returns 1 where one of them failed."""
    if len(sys.argv) > 2:
        sys.exit("usage: sqlnotes [DATABASE] < COMMANDS")
    store = Store(*sys.argv[1:])
    failed = 0
    for line in sys.stdin:
        name, _, rest = line.strip().partition(" ")
        if not name:
            continue
        command = COMMANDS.get(name)
        if command is None:
            print(f"sqlnotes: unknown command {name!r}", file=sys.stderr)
            failed = 1
            continue
        try:
            for row in command(store, rest.strip()):
                print(row)
        except NoteError as error:
            print(f"sqlnotes: {name}: {error}", file=sys.stderr)
            failed = 1
    store.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
