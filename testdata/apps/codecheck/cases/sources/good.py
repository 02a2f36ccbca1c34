"""A source with nothing to say about it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Point:
    """A point of the plane."""

    x: int
    y: int = 0

    def moved(self, by):
        """A point somewhere else."""
        return Point(self.x + by, self.y + by)


async def load[T](path: Path, kind: type[T]) -> T:
    """Type parameters, patterns, walruses and nested f-strings are all syntax."""
    match (text := path.read_text()).split():
        case [only] if only:
            return kind(f"{only!r:>{len(text)}} {f'{only}'}")
        case {"a": 1, **rest} | [*rest]:
            return kind(rest)
