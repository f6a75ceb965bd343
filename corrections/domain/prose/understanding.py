"""All ways to understand one error that a piece of a report tells of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.prose.changes import MOST, Proposal, proposals
from corrections.domain.prose.lone import named_alone, quoted_alone, removed
from corrections.domain.prose.report import Piece
from corrections.domain.sayings import Change

# Only the first of many blanks is tried: what a form's field says literally is not cleaned of them.
_CUT: Final = re.compile(r"(?:(?<!\s)\s+)?(?:\.{3,}|…|[\[(]\s*(?:\.{3}|…)\s*[\])]|\s\.\.(?=\s|\Z))\s*")
_QUOTATIONS: Final = 12  # that are taken for the wrong words without a phrase
_LONG_CORRECTION: Final = 6  # words


def understood(piece: Piece, titles: frozenset[int]) -> list[Proposal]:
    """What the phrases of the piece tell, surest first."""
    return sorted([*removed(piece), *proposals(piece, titles)], key=lambda one: (one.rank, one.start))


def changes_of(piece: Piece, found: Sequence[Proposal], titles: frozenset[int]) -> tuple[Change, ...]:
    """The changes of one error: those that phrases tell, then those of quotations and named words on their own."""
    likely = [one for one in found if not _far_fetched(one)]
    ways = [way for one in likely for way in one.ways]
    firm = [one for one in found if one.firm]
    alone: list[Change] = []
    for span in piece.spans[:_QUOTATIONS]:
        joined = any(one.start <= span.start and span.end <= one.end for one in firm)
        if span.start not in titles and not joined:
            alone += quoted_alone(piece, span)
    pointed = [Change(original=span.other) for span in piece.spans if span.other and piece.text[span.start] == ">"]
    if not firm:
        completed = [change for change in alone if change.corrected]
        alone = [change for change in alone if not change.corrected]
        ways = [*completed, *ways] if not any(way.original and way.corrected for way in ways) else [*ways, *completed]
        alone += [change for change in named_alone(piece) if change not in alone] if not ways else []
    if ways and len(ways[0].corrected.split()) > _LONG_CORRECTION:
        ways[1:1] = pointed
    return ordered([*ways, *alone, *(way for one in found if _far_fetched(one) for way in one.ways)])


def _far_fetched(one: Proposal) -> bool:
    """Whether what seems to be a correction is more likely the rest of a quoted sentence."""
    return not one.firm and bool(one.ways) and len(one.ways[0].corrected.split()) > _LONG_CORRECTION


def ordered(ways: Iterable[Change]) -> tuple[Change, ...]:
    """Each way once, with the parts of quotations that were cut, at most ``MOST``."""
    parted = [part for way in ways if way.original or way.corrected for part in _parts(way)]
    found = list(dict.fromkeys(change for change in parted if change.original != change.corrected))
    whole = [way for way in found if way.original and not way.corrected]
    if whole and not any(way.original and way.corrected for way in found):
        # The reader may have written the words as they should read.
        found += [other for way in whole[:2] if (other := Change(corrected=way.original)) not in found][: MOST - 1]
        if len(found) > MOST:
            found = [*found[: MOST - 1], Change(corrected=whole[0].original)]
    return tuple(found[:MOST])


def _parts(way: Change) -> Iterator[Change]:
    parts = [part.strip() for part in _CUT.split(way.original) if any(map(str.isalnum, part))]
    if len(parts) < 1 or parts == [way.original]:
        yield way
        return
    right = [part.strip() for part in _CUT.split(way.corrected) if part.strip()]
    if len(right) == len(parts) > 1:
        for one, other in zip(parts, right, strict=True):
            if one != other:
                yield Change(original=one, corrected=other, either_way=way.either_way)
    else:
        parts.reverse()
        if way.corrected:
            parts.sort(
                key=lambda part: -fuzz.partial_ratio(part.casefold(), way.corrected.casefold()) if len(parts) > 1 else 0
            )
        for part in parts[:3]:
            yield Change(original=part, corrected=way.corrected, either_way=way.either_way)
    yield way
