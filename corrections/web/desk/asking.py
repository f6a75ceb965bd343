"""What an address asks for, read safely."""

from typing import Final

from flask import request

from corrections.domain import limits
from corrections.domain.text import one_line

LARGEST: Final = 2**31 - 1  # what both databases hold as an integer


def number(name: str) -> int | None:
    """A positive number of the query, or None."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))):
        return None
    return int(text) if int(text) <= LARGEST else None


def words(name: str = "q") -> str:
    """The words of the query, on one line."""
    return one_line(request.args.get(name, ""), limits.SEARCH)
