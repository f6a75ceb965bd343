"""Words that a reader pointed at with ">>", which have no mark at their end."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.prose import faults
from corrections.domain.prose.patterns import any_of, becomes, words
from corrections.domain.prose.quotes import Quotation

_POINTER: Final = re.compile(r"(?<![^\s(:])>{2,}[ \t]*(?=[^\s>])")
_BECOMES: Final = re.compile(rf"[\s,.;:–—-]*(?:{becomes()})[\s:]*")
_LAST: Final = re.compile(rf"[\s,]+(?:{words(any_of(faults.WRONG_BEHIND))})|:\s+[^\n:]{{1,60}}, not\s")
# A correction in brackets or behind a dash, at the end of the line.
_CORRECTED: Final = re.compile(r"\s+(?:\((?P<right>[^()\n]{1,80})\)|[-–—]+\s+(?P<dashed>\S[^\n]{0,60}))\s*[.!?]?\Z")
_WORD_NEXT: Final = re.compile(r"\s*[^\W_]")
_MOST: Final = 10  # phrases in one line
_ALIKE: Final = 60.0  # per cent of likeness that a correction has with some of the words
_FEW: Final = 4  # words that end with the sentence of the person, not with their own


def pointed_at(text: str, low: str) -> list[Quotation]:
    """The words behind each pointer, up to the phrase that says what is wrong with them."""
    if ">>" not in text:
        return []
    return [span for span in _spans(text, low) if span.text]


def _spans(text: str, low: str) -> Iterator[Quotation]:
    pointers = list(_POINTER.finditer(low))[:60]
    for place, pointer in enumerate(pointers):
        line = low.find("\n", pointer.end())
        stop = len(low) if line < 0 else line
        following = pointers[place + 1].start() if place + 1 < len(pointers) else stop
        limit = min(stop, following)
        corrected = place > 0 and _joins(low, pointers[place - 1].end(), pointer.start())
        end = limit if corrected else _end(low, pointer.end(), limit, before_other=following < stop)
        words_given = text[pointer.end() : end].strip()
        if len(words_given.split()) <= _FEW and re.search(r"[^.!?\s][.!?]\Z", words_given):
            words_given = words_given[:-1]
        whole = len(text[:limit].rstrip())
        last = pointer.end() + len(text[pointer.end() : end].rstrip())
        other = "" if whole == last or following < stop else text[pointer.end() : whole].strip()
        yield Quotation(pointer.start(), last, words_given, whole if other else -1, other)


def _corrects(right: str, words_given: str) -> bool:
    return fuzz.partial_ratio(right.strip(" .!?"), words_given) >= _ALIKE


def _joins(low: str, start: int, end: int) -> bool:
    """Whether a phrase such as "should be" stands right before ``end``."""
    return any(found.end() == end for found in _BECOMES.finditer(low, start, end))


def _end(low: str, start: int, limit: int, *, before_other: bool) -> int:
    behind = _CORRECTED.search(low, start, limit)
    if (
        behind
        and behind.start() > start
        and not before_other
        and _corrects(behind["right"] or behind["dashed"], low[start : behind.start()])
    ):
        return behind.start()
    found = [match for match in _BECOMES.finditer(low, start, limit) if match.start() > start]
    if before_other:
        found = [match for match in found if match.end() == limit]
    if found:
        end = found[-1].start()
        return _own_words_end(low, start, end) or end
    return _own_words_end(low, start, limit) or limit


def _own_words_end(low: str, start: int, limit: int) -> int:
    """Where the person says that the words are wrong, 0 if nowhere; "the wrong direction" says nothing."""
    for found in islice(_LAST.finditer(low, start, limit), _MOST):
        if found.start() > start and not (
            found.group().strip(" ,\t") == "wrong" and _WORD_NEXT.match(low, found.end())
        ):
            return found.start()
    return 0
