"""How many errors a report tells of, and what it says of each."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corrections.domain import limits
from corrections.domain.prose.changes import Proposal
from corrections.domain.prose.forms import filled_in, lines_of, originals
from corrections.domain.prose.hints import hints_in
from corrections.domain.prose.letter import tells_trouble
from corrections.domain.prose.lone import quoted_alone
from corrections.domain.prose.report import Piece
from corrections.domain.prose.understanding import changes_of, ordered, understood
from corrections.domain.sayings import Change, Hint
from corrections.domain.text import as_corrected

_FEW: Final = 3  # words that a line has that only corrects the one above
_ITEM: Final = re.compile(r"\s*(?:[-*+•·–—]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+|#\d+:?\s)")


@dataclass(frozen=True, slots=True)
class Error:
    """One error: how it may be meant, where it is said to stand, and the words that say so."""

    changes: tuple[Change, ...]
    hints: tuple[Hint, ...]
    words: str


def errors_in(piece: Piece, titles: frozenset[int], doubtful: frozenset[int] = frozenset()) -> list[Error]:
    """The errors the piece tells of, in their order; empty if there is none to be understood.

    Quotations that start at ``titles`` are none, those at ``doubtful`` only if a phrase joins them to a correction.
    """
    filled = list(filled_in(piece))
    notes = [line for line in lines_of(piece.text) if line.kind == "note"] if filled else []
    found = [one for one in understood(piece, titles) if not any(note.start <= one.start < note.end for note in notes)]
    found = sorted([*filled, *(found or _below_each_other(piece))], key=lambda one: (one.rank, one.start))
    groups = _groups([*(one for one in found if one.firm), *_items(piece, found, titles | doubtful)])
    if len(groups) > 1:
        return _several(piece, groups)
    changes = changes_of(piece, found, titles | doubtful)
    if not any(change.original for change in changes):
        changes = ordered([*originals(piece), *changes])
    hints = hints_in(piece.covered)
    return [Error(changes, hints, piece.text)] if changes or hints else []


def _below_each_other(piece: Piece) -> list[Proposal]:
    """Lines of the article, each with the right word on the line below it."""
    found: list[Proposal] = []
    lines = lines_of(piece.text)
    for line, below in pairwise(lines):
        words, word = line.value, below.value
        if not line.kind and not below.kind and len(word.split()) <= _FEW < len(words.split()) + _FEW - 1:
            right = as_corrected(words, word)
            if right not in {word, words} and word not in words:
                change = Change(original=words, corrected=word)
                found.append(Proposal((change,), line.start, below.end, 3, firm=True))
    return found


def _items(piece: Piece, found: Sequence[Proposal], titles: frozenset[int]) -> list[Proposal]:
    """Quotations alone, on lines of a list or of their own with a word that something is wrong with them."""
    items: list[Proposal] = []
    at, others = 0, 0
    firm = [one for one in found if one.firm]
    for line in piece.text.split("\n"):
        start, at = at, at + len(line) + 1
        end = start + len(line)
        if any(one.start < end and start < one.end for one in firm):
            others += 1
            continue
        spans = [span for span in piece.spans if start <= span.start and span.end <= end and span.start not in titles]
        if len(spans) == 1 and (_ITEM.match(line) or (firm and tells_trouble(piece.covered[start:end]))):
            items.append(Proposal(tuple(quoted_alone(piece, spans[0])), start, end, 5, firm=True))
    return items if len(items) + others > 1 else []


def _groups(firm: Sequence[Proposal]) -> list[list[Proposal]]:
    """What tells of one error, together: where phrases meet, or one wording holds the other."""
    groups: list[list[Proposal]] = []
    for one in firm:
        same = [group for group in groups if any(_same(one, other) for other in group)]
        for group in same[1:]:
            groups.remove(group)
        merged = [*(other for group in same for other in group), one]
        if same:
            groups[groups.index(same[0])] = merged
        else:
            groups.append(merged)
    return sorted(groups, key=lambda group: min(one.start for one in group))


def _same(one: Proposal, other: Proposal) -> bool:
    if one.start < other.end and other.start < one.end:
        return True
    if not one.ways or not other.ways:
        return True
    first, second = one.ways[0], other.ways[0]
    return _holds(first.original, second.original) or (
        bool(first.corrected and second.corrected)
        and _holds(first.corrected, second.corrected)
        and (first.original == second.original or not (first.original and second.original))
    )


def _holds(one: str, other: str) -> bool:
    shorter, longer = sorted((one.casefold(), other.casefold()), key=len)
    return bool(shorter) and re.search(rf"(?<!\w){re.escape(shorter)}(?!\w)", longer) is not None


def _several(piece: Piece, groups: Sequence[Sequence[Proposal]]) -> list[Error]:
    errors: list[Error] = []
    common: tuple[Hint, ...] = ()
    reached = 0
    for place, group in enumerate(groups[: limits.ERRORS_PER_MAIL]):
        start, end = min(one.start for one in group), max(one.end for one in group)
        line_end = piece.text.find("\n", end)
        following = groups[place + 1][0].start if place + 1 < len(groups) else len(piece.text)
        end = min(len(piece.text) if line_end < 0 else line_end, max(end, following))
        hints = hints_in(piece.covered[reached:end])
        common = hints or common
        ways = [way for one in sorted(group, key=lambda one: one.rank) for way in one.ways]
        errors.append(Error(ordered(ways), common, piece.text[min(reached, start) : end].strip()))
        reached = end
    return errors
