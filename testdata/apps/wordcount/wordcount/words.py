"""Text to words, and words to counts."""

import re
from collections import Counter

# Letters, with an apostrophe or a hyphen inside: "don't", "well-known".
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def words(text):
    """Every word of a text, in lower case and in order."""
    return (match.group().casefold() for match in WORD.finditer(text))


class Tally:
    """Lines, words and characters of any number of texts."""

    def __init__(self):
        self.lines = 0
        self.characters = 0
        self.counts = Counter()

    def add(self, text):
        """Counts one more text in."""
        self.lines += text.count("\n") + (not text.endswith("\n") and bool(text))
        self.characters += len(text)
        self.counts.update(words(text))

    def __iadd__(self, other):
        self.lines += other.lines
        self.characters += other.characters
        self.counts += other.counts
        return self

    @property
    def words(self):
        """How many words there were, each time counted."""
        return self.counts.total()

    def top(self, number, at_least=1):
        """The most frequent words of at least so many letters; ties by alphabet."""
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [(word, count) for word, count in ranked if len(word) >= at_least][:number]
