"""The tables of phrases, compiled: every language in one expression, to be searched in text in lower case."""

import re
from collections.abc import Mapping
from typing import Final

from corrections.domain.prose import languages

_ADVERBS: Final = "|".join(languages.ADVERBS.values())
_BEFORE: Final = r"(?<![^\W_])"
_AFTER: Final = r"(?![^\W_])"


def any_of(*tables: Mapping[str, str]) -> str:
    """All phrases of the tables as one alternation, without boundaries and without the row "any"."""
    rows = [row for table in tables for language, row in table.items() if language != "any"]
    return "|".join(_lines("\n".join(rows)))


def spaced(expression: str) -> str:
    """The expression with its blanks meaning any white space, and its adverbs filled in."""
    filled = expression.replace("{adverb}?", f"(?:(?:{_ADVERBS}) )?").replace("{adverb}", f"(?:{_ADVERBS})")
    return filled.replace(" ?", r"\s*").replace("[- ]", r"[-\s]").replace(" ", r"\s+")


def words(expression: str) -> str:
    """The expression, spaced, as whole words."""
    return f"{_BEFORE}(?:{spaced(expression)}){_AFTER}"


def _lines(row: str) -> list[str]:
    return [line.strip() for line in row.split("\n") if line.strip()]


def becomes() -> str:
    """Between what stands there and how it should read, with signs such as arrows."""
    signs = "|".join(_lines(languages.BECOMES["any"]))
    return f"{words(any_of(languages.BECOMES))}|{signs}"


def compiled(*tables: Mapping[str, str], before: str = "", after: str = "") -> re.Pattern[str]:
    """Any phrase of the tables as whole words."""
    return re.compile(before + words(any_of(*tables)) + after)
