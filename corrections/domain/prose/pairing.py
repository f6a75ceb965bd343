"""How two wordings make a change: which of their ways belong together, and how like they are."""

import re
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.prose.operands import Operand
from corrections.domain.sayings import Change

ALIKE: Final = 50.0  # per cent of likeness of two wordings of one thing
_PAIRS: Final = 4  # of one phrase
_REST: Final = 12  # characters
_FRAMED: Final = 15.0  # added for the same first and last word
NOBODY: Final = frozenset({"there", "it", "this", "that", "which", "es", "das", "dies", "il", "ce", "cela", "er"})
_ABBREVIATED: Final = re.compile(r"\b[^\W\d_]\.\Z")


def pairs(wrong: Operand, right: Operand) -> list[Change]:
    """The changes that two wordings can mean, those that are alike first."""
    found = [
        Change(original=one, corrected=_ended(one, other))
        for one in wrong.ways[:6]
        for other in right.ways[:5]
        if one and one != other and (wrong.quoted or not _is_rest(one, other))
    ]
    if not wrong.quoted:
        found = [change for change in found if not _is_nobody(change)]
    found.sort(key=lambda change: -closeness if (closeness := _closeness(change)) >= ALIKE else 0)
    return found[:_PAIRS]


def _closeness(change: Change) -> float:
    """The likeness, and more for wordings with the same first and last word: what is missing stands between them."""
    was, now = change.original.split(), change.corrected.split()
    framed = len(was) > 1 and len(now) > 1 and (was[0], was[-1]) == (now[0], now[-1])
    return likeness(change) + (_FRAMED if framed else 0)


def _ended(wrong: str, right: str) -> str:
    """The right wording without the full stop of the person's own sentence."""
    own = right.endswith(".") and not right.endswith("..") and wrong[-1:].isalnum() and right[:-1] != wrong
    return right[:-1] if own and right[-2:-1].isalnum() and not _ABBREVIATED.search(right) else right


def _is_nobody(change: Change) -> bool:
    """Whether what should be wrong is but a word that stands for it: "it" in "please change it to"."""
    return change.original.lower() in NOBODY and likeness(change) < ALIKE


def _is_rest(whole: str, end: str) -> bool:
    """Whether the second wording is but the end of the first, which has a phrase like "should be" in it by itself."""
    return len(whole) - len(end) > _REST and whole.endswith(end)


def likeness(change: Change) -> float:
    """Per cent of likeness of the two wordings, by their first 500 characters."""
    return fuzz.ratio(change.original.casefold()[:500], change.corrected.casefold()[:500])
