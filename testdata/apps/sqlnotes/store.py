"""The database: notes with tags, their text compressed with zlib."""

import sqlite3
import zlib
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL UNIQUE CHECK (title <> ''),
    packed BLOB NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS tag (
    note INTEGER NOT NULL REFERENCES note (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (note, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tag_name ON tag (name);
"""


class NoteError(Exception):
    """A request that the store cannot fulfil."""


class Damaged(NoteError):
    """A note whose text no longer matches its checksum."""


def pack(text):
    """Text to compressed bytes."""
    return zlib.compress(text.encode(), level=9)


def unpack(packed):
    """Compressed bytes to text; SQL knows it as `unpack`."""
    return zlib.decompress(packed).decode()


class LongestWord:
    """An SQL aggregate: the longest word of all texts, the first by alphabet among equals."""

    def __init__(self):
        self.best = ""

    def step(self, text):
        """Takes one text in."""
        for word in text.split():
            if (len(word), self.best) > (len(self.best), word):
                self.best = word

    def finalize(self):
        """The result."""
        return self.best


class Store:
    """Notes in one database file, or in memory."""

    def __init__(self, path=":memory:"):
        self.database = sqlite3.connect(path)
        self.database.row_factory = sqlite3.Row
        self.database.execute("PRAGMA foreign_keys = ON")
        self.database.create_function("unpack", 1, unpack, deterministic=True)
        self.database.create_aggregate("longest_word", 1, LongestWord)
        self.database.executescript(SCHEMA)

    def close(self):
        """Closes the database."""
        self.database.close()

    def add(self, title, text, tags=()):
        """Adds one note; all of it or nothing."""
        data = text.encode()
        try:
            with self.database:
                cursor = self.database.execute(
                    "INSERT INTO note (title, packed, checksum) VALUES (?, ?, ?)",
                    (title, pack(text), zlib.crc32(data)),
                )
                self.database.executemany(
                    "INSERT INTO tag VALUES (?, ?)", [(cursor.lastrowid, tag) for tag in tags]
                )
        except sqlite3.IntegrityError as error:
            raise NoteError(str(error)) from error
        return cursor.lastrowid

    def remove(self, title):
        """Removes one note with its tags."""
        with self.database:
            if not self.database.execute("DELETE FROM note WHERE title = ?", (title,)).rowcount:
                raise NoteError(f"no note {title!r}")

    def text(self, title):
        """A note's text, checked."""
        row = self.database.execute(
            "SELECT packed, checksum FROM note WHERE title = :title", {"title": title}
        ).fetchone()
        if row is None:
            raise NoteError(f"no note {title!r}")
        text = unpack(row["packed"])
        if zlib.crc32(text.encode()) != row["checksum"]:
            raise Damaged(f"note {title!r} is damaged")
        return text

    def titles(self):
        """Every note's title with its tags."""
        return self.database.execute(
            """
            SELECT title, (SELECT group_concat(name, ', ')
                           FROM (SELECT name FROM tag WHERE note = note.id ORDER BY name)) AS tags
            FROM note ORDER BY title COLLATE NOCASE
            """
        )

    def search(self, word):
        """The titles of notes whose text holds a word, in any case."""
        return self.database.execute(
            "SELECT title FROM note WHERE unpack(packed) LIKE '%' || ? || '%' ORDER BY id", (word,)
        )

    def tags(self):
        """Each tag with its count, its share and its rank."""
        return self.database.execute(
            """
            WITH counted AS (SELECT name, count(*) AS notes FROM tag GROUP BY name)
            SELECT name, notes, notes * 1.0 / sum(notes) OVER () AS share,
                   dense_rank() OVER (ORDER BY notes DESC) AS rank
            FROM counted ORDER BY rank, name
            """
        )

    def facts(self):
        """A few numbers about all notes, as one JSON text that SQLite writes."""
        return self.database.execute(
            """
            SELECT json_object('notes', count(*), 'characters', coalesce(sum(length(unpack(packed))), 0),
                               'longest', longest_word(unpack(packed))) FROM note
            """
        ).fetchone()[0]

    def dump(self):
        """The tags' rows as SQL."""
        return (line for line in self.database.iterdump() if line.startswith('INSERT INTO "tag"'))

    @contextmanager
    def damaging(self, title):
        """Spoils a note's text for the length of a block."""
        self.database.execute("UPDATE note SET packed = ? WHERE title = ?", (pack("spoiled"), title))
        try:
            yield
        finally:
            self.database.rollback()
