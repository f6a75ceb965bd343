"""Paragraphs as readers count them, and the parts of an article that a hint means."""

import re
from collections.abc import Iterator
from typing import Final

from corrections.domain.occurrences import Span
from corrections.domain.sayings import Hint, Region

_BLANK_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n)+")
_SHARE: Final = 3  # the beginning and the end of an article are a third of it each


def paragraphs(text: str) -> list[Span]:
    """The spans between empty lines; the lines, in a text that has no empty ones."""
    divider = _BLANK_LINES if _BLANK_LINES.search(text.strip()) else re.compile("\n+")
    found: list[Span] = []
    start = 0
    for gap in divider.finditer(text):
        found.append((start, gap.start()))
        start = gap.end()
    found.append((start, len(text)))
    return [(first, last) for first, last in found if text[first:last].strip()]


def number_of(counted: list[Span], at: int) -> int:
    """The number, from 1, of the paragraph with this offset in it."""
    return sum(1 for start, _ in counted if start <= at) or 1


def meant(hint: Hint, counted: list[Span]) -> Iterator[list[Span]]:
    """Parts of the text that a hint may mean, the likeliest first: readers count headings, and miscount by one."""
    if not counted:
        return
    if hint.region is Region.PARAGRAPH and hint.number:
        n = hint.number if hint.number > 0 else len(counted) + 1 + hint.number
        n = min(max(n, 1), len(counted))
        yield [counted[n - 1]]
        yield [counted[i - 1] for i in (n - 1, n + 1) if 1 <= i <= len(counted)]
    elif hint.region in {Region.BEGINNING, Region.END}:
        part = max(1, len(counted) // _SHARE)
        begins = hint.region is Region.BEGINNING
        yield [counted[0 if begins else -1]]
        yield counted[1:part] if begins else counted[-part:-1]
