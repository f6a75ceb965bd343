"""Which change is meant, and where it stands in the text."""

from dataclasses import dataclass
from enum import StrEnum

from corrections.domain.anchors import Anchor, AnchorState, Place, locate
from corrections.domain.matching import Certainty
from corrections.domain.sayings import Change, Saying


class How(StrEnum):
    """What told the place."""

    EXACT = "exact"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The place, the change as understood there, how sure that is, and what told it."""

    place: Place
    change: Change
    certainty: Certainty
    how: How


def find(saying: Saying, text: str, language: str | None = None) -> Finding:  # noqa: ARG001 - to come
    """Where the saying's change stands in the text."""
    first = saying.first
    if not first.original:
        return Finding(
            place=Place(state=AnchorState.ORPHANED), change=first, certainty=Certainty.UNKNOWN, how=How.NONE
        )
    place = locate(Anchor(exact=first.original, prefix=saying.prefix, suffix=saying.suffix), text, first.corrected)
    certainty = Certainty.CERTAIN if place.state is AnchorState.ANCHORED else Certainty.UNKNOWN
    return Finding(place=place, change=first, certainty=certainty, how=How.EXACT)
