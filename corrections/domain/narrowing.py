"""From the words a reader quoted to the words that change: the error itself, as narrowly as it can be told."""

import re
from collections.abc import Callable
from typing import Final

from corrections.domain.alignment import hunks_between, tokens
from corrections.domain.difference import WORD
from corrections.domain.fragments import whole_wording
from corrections.domain.laying import REACH, Laid, Narrowed, whole_words, window
from corrections.domain.occurrences import Span, as_words, cuts_word, has_word
from corrections.domain.text import folded

__all__ = ["Narrowed", "narrow", "narrow_words"]

_EDIT: Final = 3  # words that somebody may want taken out at an edge
_TWICE: Final = 2
_ALONG: Final = 60  # words around a quote that a correction may repeat
_GENITIVE: Final = re.compile(r"(?<=[^\W_])['\u2019]s\Z")


def narrow(text: str, span: Span, quote: str, corrected: str) -> Narrowed:
    """The words that change in the quoted span of the text.

    A word is taken whole. Where one is missing these are the words on both sides, where one stands twice it is both,
    where one is too much it and those beside it, for punctuation the word that it hangs on. Without a correction, and
    where it is not clear for which of the words it stands, it is the quoted words.
    """
    span = _twins(text, whole_words(text, _trimmed(text, span)), corrected)
    given, quote = corrected.strip(), quote.strip()
    if not given:
        return _as_quoted(text, span, "")
    wider = _brought_along(text, span, given)
    if wider != span and (found := _changed(text, wider, text[slice(*wider)], given)) is not None:
        return found
    printed = text[slice(*span)]
    if _is_only_a_part(folded(given), folded(printed)):
        return _as_quoted(text, span, "")
    known = _Known(text)
    wording = whole_wording(quote, given, known)
    if wording is None:
        quote, wording = printed, whole_wording(printed, given, known)
    if wording is None:
        return _as_quoted(text, span, given)
    found = _changed(text, span, quote, wording) or _as_quoted(text, span, wording)
    is_number = found.original[-3:-2].isdecimal()
    said = _GENITIVE.search(given) or (found.corrected in given and _GENITIVE.search(found.corrected))
    return found if said and not is_number else _without_genitive(found)


def narrow_words(original: str, corrected: str) -> tuple[str, str]:
    """What changes between a quote and its correction where no text is at hand; both as given if that is not clear."""
    wording = whole_wording(original.strip(), corrected.strip()) if original.strip() and corrected.strip() else None
    found = _changed(original, (0, len(original)), original, wording) if wording is not None else None
    return (original, corrected) if found is None else (found.original, found.corrected)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end - 1 and text[start].isspace():
        start += 1
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_only_a_part(given: str, quoted: str) -> bool:
    """Whether the correction is some of the quoted words as they are, which says nothing of what is wrong."""
    words, others = WORD.findall(given), WORD.findall(quoted)
    shorter = len(words) > _EDIT and len(others) - len(words) > _EDIT
    return shorter and f" {' '.join(words)} " in f" {' '.join(others)} "


def _as_quoted(text: str, span: Span, corrected: str) -> Narrowed:
    return Narrowed(span, text[slice(*span)], corrected)


def _twins(text: str, span: Span, corrected: str) -> Span:
    """Both, if a marked word stands twice in a row and nothing else is to change."""
    quote = text[slice(*span)]
    if " " in quote or not has_word(quote) or folded(corrected) not in {"", folded(quote)}:
        return span
    size = span[1] - span[0] + 1
    for start, end in ((span[0], span[1] + size), (span[0] - size, span[1])):
        halves = text[max(start, 0) : end].split(" ")
        twice = len(halves) == _TWICE and folded(halves[0]) == folded(halves[1]) == folded(quote)
        if start >= 0 and twice and not cuts_word(text, start) and not cuts_word(text, end):
            return start, end
    return span


class _Known:
    """Whether a word stands more than once in the text."""

    def __init__(self, text: str) -> None:
        self._text, self._folded = text, ""

    def __call__(self, word: str) -> bool:
        self._folded = self._folded or self._text.casefold()
        return len(as_words(word.casefold(), self._folded, 2)) > 1


def _brought_along(text: str, span: Span, given: str) -> Span:
    """The span with the words around it that the correction repeats."""
    inner = len(tokens(text, *span))
    new = [token.key for token in tokens(given, 0, len(given))]
    if len(new) <= inner:
        return span
    first, last = window(text, span, REACH + len(given))
    before, after = tokens(text, first, span[0])[-_ALONG:], tokens(text, span[1], last)[:_ALONG]
    left, right = [token.key for token in before], [token.key for token in after]
    room = len(new) - 1
    head = _longest(lambda size: left[-size:] == new[:size], min(room, len(left)))
    tail = _longest(lambda size: right[:size] == new[-size:], min(room - head, len(right)))
    quoted = [token.key for token in tokens(text, *span)]
    joins = (tail and new[:inner] == quoted) or (head and new[-inner:] == quoted)
    # A single small word in front may as well be the one that is missing.
    if head + tail <= 1 and len(new) - head - tail != inner and not joins:
        return span
    return before[-head].start if head else span[0], after[tail - 1].end if tail else span[1]


def _longest(holds: Callable[[int], bool], most: int) -> int:
    return next((size for size in range(most, 0, -1) if holds(size)), 0)


def _changed(text: str, span: Span, quote: str, wording: str) -> Narrowed | None:
    """What changes in the span when the quote is to read like the wording; None if nothing does."""
    old, new = tokens(quote, 0, len(quote)), tokens(wording, 0, len(wording))
    hunks = hunks_between(old, new)
    if not hunks or not old:
        return None
    laid = Laid(text, span, old, new, hunks)
    return laid.narrowed() if laid.agrees else None


def _without_genitive(found: Narrowed) -> Narrowed:
    """The stem alone, if the ending stays and the reader did not write it: "Labour" for "Labor's"."""
    was, now = _GENITIVE.search(found.original), _GENITIVE.search(found.corrected)
    if not was or not now or was.start() == 0 or found.original[: was.start()] == found.corrected[: now.start()]:
        return found
    span = found.span[0], found.span[0] + was.start()
    return Narrowed(span, found.original[: was.start()], found.corrected[: now.start()])
