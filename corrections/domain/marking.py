"""Words that were marked on a page with a letter too few: read to their end."""

import re
from typing import Final

from rapidfuzz.distance import OSA

from corrections.domain.anchors import Anchor
from corrections.domain.occurrences import is_unspaced

_ENDINGS: Final = frozenset({"s", "es", "'s", "\u2019s", "d", "ed", "ing", "ly"})
_LAST_LETTERS: Final = re.compile(r"[^\W_]+\Z")
_FIRST_LETTERS: Final = re.compile(r"[^\W_]+")
_APOSTROPHE_LAST: Final = re.compile(r"[^\W\d_]['\u2019]\Z")


def read_to_the_end(anchor: Anchor, corrected: str) -> tuple[Anchor, str]:
    """Marked words with the letters of the first and last word that the mark left out; the correction likewise."""
    exact, prefix, suffix = anchor.exact, anchor.prefix, anchor.suffix
    before = after = ""
    if exact and _in_word(exact[0]) and (cut := _LAST_LETTERS.search(prefix)):
        before = cut.group()
    if exact and (_in_word(exact[-1]) or _APOSTROPHE_LAST.search(exact)) and (cut := _FIRST_LETTERS.match(suffix)):
        after = cut.group()
    if not before and not after:
        return anchor, corrected
    whole = Anchor(
        exact=before + exact + after, prefix=prefix[: len(prefix) - len(before)], suffix=suffix[len(after) :]
    )
    return whole, _with_rest(before, exact, after, corrected.strip())


def _in_word(character: str) -> bool:
    return character.isalnum() and not is_unspaced(character)


def _with_rest(before: str, marked: str, after: str, given: str) -> str:
    """The correction with the ending that was not marked, if it is for the marked letters only."""
    nearer = OSA.distance(marked, given) < OSA.distance(before + marked + after, given)
    one_to_one = len(marked.split()) == len(given.split())
    if not given or not nearer or not one_to_one or given.endswith((marked, after)) or after not in _ENDINGS:
        return given
    return before + given + after
