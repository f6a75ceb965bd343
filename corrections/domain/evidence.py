"""Whether what a reader quoted stands in a text, whole or with a slip of the pen, and how much that says."""

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from corrections.domain.occurrences import bare, stands_in
from corrections.domain.text import folded, normalise
from corrections.domain.titles import SMALL_WORDS

_CUT = re.compile(r"\s*(?:\.{2,}|\u2026|\[\s*(?:\.{2,}|\u2026)\s*\])\s*")
# Soft hyphens, joiners, marks, ligatures, wide and other letters that are made alike before they are compared.
_WRITTEN_OTHERWISE = re.compile(
    "[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u206f\u2100-\u218f\ufb00-\ufb4f\uff00-\uffef]"
)
_LEAST_WORDS: Final = 4  # of a quote in which one may be written otherwise
_TELLING_WORDS, _TELLING_LENGTH = 3, 15  # a quote of so many words and characters stands in no second article by chance
_SHORTEST: Final = 4  # characters of a word that say anything at all
_ROUND: Final = "\"'.,;:!?()"
_LONG_WORDS, _LONG_LENGTH = 6, 35  # and of so many, in none at all but copies


class Standing(IntEnum):
    """How a quote stands in a text."""

    NOWHERE = 0
    NEARLY = 1
    WHOLE = 2


def standing(quote: str, text: str) -> Standing:
    """Whether the quote stands in the text: whole, nearly (a word apart, or in pieces), or not."""
    missing = _missing(quote, text)
    if missing > 1:
        return Standing.NOWHERE
    if not missing and stands_in(quote, text):
        return Standing.WHOLE
    return Standing.NEARLY if is_telling(quote) and _stands_nearly(quote, text) else Standing.NOWHERE


def _missing(quote: str, text: str) -> int:
    """How many of the quote's words stand nowhere in the text: a look that spares most texts a closer one."""
    if _WRITTEN_OTHERWISE.search(text):
        return 0
    lower = text.casefold()
    return sum(word not in lower for word in _plain_words(quote))


@lru_cache(maxsize=256)
def _plain_words(quote: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", folded(quote)))


def _stands_nearly(quote: str, text: str) -> bool:
    pieces = [piece for piece in _CUT.split(quote) if piece.strip()]
    if len(pieces) > 1 and all(stands_in(piece, text) for piece in pieces):
        return True
    words = bare(folded(quote)).split()
    if len(words) < _LEAST_WORDS:
        return False
    hay = normalise(text).text.replace("\n", " ")
    head = _longest(words, hay, from_start=True)
    return head + _longest(words[head:], hay, from_start=False) >= len(words) - 1


def _longest(words: list[str], hay: str, *, from_start: bool) -> int:
    """How many words from the start (or up to the end) stand in the text next to each other."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        part = words[:middle] if from_start else words[-middle:]
        if " ".join(part) in hay:
            low = middle
        else:
            high = middle - 1
    return low


@lru_cache(maxsize=256)
def weight(quote: str, stands: Standing) -> float:
    """How much it says that the quote stands in a text: 0 for nothing, 1 for what hardly stands in a second one."""
    if stands is Standing.NOWHERE:
        return 0.0
    if is_telling(quote):
        return (0.97 + 0.03 * is_long(quote)) if stands is Standing.WHOLE else 0.9
    words = folded(quote).split()
    if all(word.strip(_ROUND) in SMALL_WORDS for word in words):
        return 0.1 * len(words)
    return 0.8 if len(quote.strip()) >= _SHORTEST else 0.3


@lru_cache(maxsize=256)
def is_telling(words: str) -> bool:
    """Whether hardly a second article has these words by chance."""
    return len(words.split()) >= _TELLING_WORDS and len(words) >= _TELLING_LENGTH


@lru_cache(maxsize=256)
def is_long(words: str) -> bool:
    """Whether only a copy of an article can have these words as well."""
    return len(words.split()) >= _LONG_WORDS and len(words.strip()) >= _LONG_LENGTH
