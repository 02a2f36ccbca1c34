"""What a check reports."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong, and where."""

    line: int
    column: int
    code: str
    message: str

    @classmethod
    def at(cls, node, code, message):
        """A finding at a node of the tree; columns count from 1."""
        return cls(node.lineno, node.col_offset + 1, code, message)
