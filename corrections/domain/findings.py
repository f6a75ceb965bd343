"""What a search for a reader's words gives: the value that all ways of searching make."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from corrections.domain.anchors import PLACES, AnchorState, Place
from corrections.domain.matching import Certainty
from corrections.domain.narrowing import Narrowed
from corrections.domain.occurrences import Span
from corrections.domain.sayings import Change


class How(StrEnum):
    """By what a place was told."""

    EXACT = "exact"
    CONTEXT = "context"
    NORMALISED = "normalised"
    HINT = "hint"
    CAPITALS = "capitals"
    CORRECTION = "correction"
    PARTS = "parts"
    APPROXIMATE = "approximate"
    INSIDE_WORD = "inside_word"
    SPELLING = "spelling"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The change that is meant and its place, the very words that change when anchored.

    ``change.original`` is then what stands there and ``change.corrected`` how these words should read, '' if that was
    not told. Otherwise both are as understood from the words alone. ``certainty`` is about the place, unknown unless
    it is anchored or already fixed.
    """

    place: Place
    change: Change
    certainty: Certainty
    how: How


def placed(narrowed: Narrowed, how: How, certainty: Certainty) -> Finding:
    """A finding at these very words."""
    start, end = narrowed.span
    return Finding(
        place=Place(state=AnchorState.ANCHORED, start=start, end=end),
        change=Change(original=narrowed.original, corrected=narrowed.corrected),
        certainty=certainty,
        how=how,
    )


def among(spans: Iterable[Span], change: Change, how: How) -> Finding:
    """A finding that leaves the choice between several places to an editor."""
    place = Place(state=AnchorState.AMBIGUOUS, spans=tuple(spans)[:PLACES])
    said = Change(original=change.original, corrected=change.corrected)
    return Finding(place=place, change=said, certainty=Certainty.UNKNOWN, how=how)
