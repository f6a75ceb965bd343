"""What a person said, laid on the text of an article: which change is meant, and at which very words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from corrections.domain import approximate, narrowing
from corrections.domain.anchors import PLACES, Anchor, AnchorState, Place, locate
from corrections.domain.matching import Certainty
from corrections.domain.occurrences import Span, cuts_word
from corrections.domain.paragraphs import meant, number_of, paragraphs
from corrections.domain.sayings import Change, Hint, Region, Saying
from corrections.domain.text import Normalised, folded, normalise


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


_ORPHANED: Final = Place(state=AnchorState.ORPHANED)
_FAR: Final = 2  # paragraphs from where a reader says it is to where it is, that are not a miscount


def find(saying: Saying, text: str, language: str | None = None) -> Finding:  # noqa: ARG001 -- callers give it; spellings right in a language will need it
    """Find what the saying means in the text; never raises, and says ambiguous or orphaned where it cannot be told.

    Each reading of the words is looked for as it stands, the likeliest first, before any is looked for loosely.
    """
    return _Finder(saying, text).found()


class _Finder:
    def __init__(self, saying: Saying, text: str) -> None:
        self.saying, self.text = saying, text
        self.readings = list(_readings(saying))
        self._counted: list[Span] | None = None

    @property
    def counted(self) -> list[Span]:
        if self._counted is None:
            self._counted = paragraphs(self.text)
        return self._counted

    @property
    def normalised(self) -> Normalised:
        return normalise(self.text)

    def found(self) -> Finding:
        literal = [found for reading in self.readings if (found := self.literally(*reading)) is not None]
        best = _best(literal)
        if best is not None and best.place.state is not AnchorState.ALREADY_FIXED:
            return best
        loose = best or next((found for reading in self.readings if (found := self.loosely(reading[0]))), None)
        return loose or self.nowhere()

    def nowhere(self) -> Finding:
        change = self.saying.first
        original, corrected = narrowing.narrow_words(change.original, change.corrected)
        said = Change(original=original, corrected=corrected)
        return Finding(place=_ORPHANED, change=said, certainty=Certainty.UNKNOWN, how=How.NONE)

    # As it stands

    def literally(self, change: Change, flipped: bool) -> Finding | None:
        if not change.original.strip():
            return None
        anchor = self.anchor(change)
        place = locate(anchor, self.text, change.corrected)
        if place.state is AnchorState.AMBIGUOUS:
            return self.among(change, place)
        if place.state is AnchorState.ALREADY_FIXED:
            return self.fixed(change, place)
        if place.state is AnchorState.ORPHANED or place.start is None or place.end is None:
            return None
        span = (place.start, place.end)
        how, certainty = self.how(anchor, span)
        if flipped or (how is How.EXACT and self.is_far(span)):
            certainty = Certainty.LIKELY
        return self.anchored(span, change, how, certainty)

    def anchor(self, change: Change) -> Anchor:
        """The marked words with what stands around them; other words are looked for anywhere."""
        if change.original == self.saying.first.original:
            return Anchor(exact=change.original, prefix=self.saying.prefix, suffix=self.saying.suffix)
        return Anchor(exact=change.original)

    def how(self, anchor: Anchor, span: Span) -> tuple[How, Certainty]:
        start, end = span
        if anchor.prefix or anchor.suffix:
            before = folded(self.text[max(0, start - 2 * len(anchor.prefix) - 8) : start]).replace("\n", " ")
            after = folded(self.text[end : end + 2 * len(anchor.suffix) + 8]).replace("\n", " ")
            wanted = folded(anchor.prefix).replace("\n", " "), folded(anchor.suffix).replace("\n", " ")
            if before.endswith(wanted[0]) and after.startswith(wanted[1]):
                return How.CONTEXT, Certainty.CERTAIN
            return How.CONTEXT, Certainty.LIKELY
        if cuts_word(self.text, start) or cuts_word(self.text, end):
            return How.INSIDE_WORD, Certainty.LIKELY
        if self.text[start:end] == anchor.exact.strip():
            return How.EXACT, Certainty.CERTAIN
        return How.NORMALISED, Certainty.CERTAIN

    def is_far(self, span: Span) -> bool:
        """Whether a reader said that it is in quite another paragraph."""
        numbers = [hint.number for hint in self.saying.hints if hint.region is Region.PARAGRAPH and hint.number]
        if not numbers:
            return False
        here, count = number_of(self.counted, span[0]), len(self.counted)
        return all(abs((n if n > 0 else count + 1 + n) - here) > _FAR for n in numbers)

    def among(self, change: Change, place: Place) -> Finding:
        """Several places: a hint or the capitals may tell which is meant."""
        for hint in self.saying.hints:
            if (found := self.hinted(change, hint)) is not None:
                return found
        typed = [span for span in place.spans if self.text[slice(*span)] == change.original.strip()]
        if len(typed) == 1 < len(place.spans) < PLACES:
            return self.anchored(typed[0], change, How.CAPITALS, Certainty.LIKELY)
        said = Change(original=change.original, corrected=change.corrected)
        return Finding(place=place, change=said, certainty=Certainty.UNKNOWN, how=How.NONE)

    def hinted(self, change: Change, hint: Hint) -> Finding | None:
        areas = [
            [self.within(change, area) for area in wanted if area[0] < area[1]] for wanted in meant(hint, self.counted)
        ]
        held = [[spans for spans in area if spans] for area in areas]
        for nearness, spans in enumerate(held):
            if not spans:
                continue
            if len(spans) > 1 or len(spans[0]) > 1:
                return None
            sure = nearness == 0 and not any(held[1:]) and hint.region is Region.PARAGRAPH
            certainty = Certainty.CERTAIN if sure else Certainty.LIKELY
            return self.anchored(spans[0][0], change, How.HINT, certainty)
        return None

    def within(self, change: Change, area: Span) -> list[Span]:
        """The places of the quote in a part of the text."""
        first, last = area
        place = locate(Anchor(exact=change.original), self.text[first:last], change.corrected)
        if place.state is AnchorState.ANCHORED and place.start is not None and place.end is not None:
            return [(first + place.start, first + place.end)]
        return [(first + start, first + end) for start, end in place.spans if place.state is AnchorState.AMBIGUOUS]

    def anchored(self, span: Span, change: Change, how: How, certainty: Certainty) -> Finding:
        narrowed = narrowing.narrow(self.text, span, change.original, change.corrected)
        return _at(narrowed, how, certainty)

    def fixed(self, change: Change, place: Place) -> Finding:
        original, corrected = narrowing.narrow_words(change.original, change.corrected)
        said = Change(original=original, corrected=corrected)
        return Finding(place=place, change=said, certainty=Certainty.LIKELY, how=How.NONE)

    # Loosely

    def loosely(self, change: Change) -> Finding | None:
        if change.original.strip():
            return self.cut(change) or self.approximately(change)
        return None

    def cut(self, change: Change) -> Finding | None:
        """A quote with something left out: its parts in order."""
        if not approximate.is_cut(change.original):
            return None
        pieces = approximate.parts(folded(change.original))
        if not pieces:
            return None
        found = list(approximate.chains(pieces, self.normalised.text))
        if not found:
            return None
        if len({chain[-1] for chain in found}) > 1:
            spans = tuple(self.source(chain[-1]) for chain in found[:PLACES])
            place = Place(state=AnchorState.AMBIGUOUS, spans=spans)
            said = Change(original=change.original, corrected=change.corrected)
            return Finding(place=place, change=said, certainty=Certainty.UNKNOWN, how=How.PARTS)
        chain = [self.source(span) for span in found[-1]]
        certainty = Certainty.CERTAIN if len(chain) > 1 or " " in pieces[0] else Certainty.LIKELY
        whole = min(start for start, _ in chain), max(end for _, end in chain)
        for span in reversed(chain):
            narrowed = narrowing.narrow(self.text, span, self.text[slice(*span)], change.corrected)
            if narrowed.span != span or len(chain) == 1:
                return _at(narrowed, How.PARTS, certainty)
        quote = self.text[slice(*whole)]
        return _at(narrowing.narrow(self.text, whole, quote, change.corrected), How.PARTS, certainty)

    def approximately(self, change: Change) -> Finding | None:
        best = approximate.clear_best(approximate.nearest(folded(change.original), self.normalised.text))
        if best is None:
            return None
        return self.anchored(self.source(best.span), change, How.APPROXIMATE, Certainty.LIKELY)

    def source(self, span: Span) -> Span:
        return self.normalised.span(*span)


def _readings(saying: Saying) -> Iterator[tuple[Change, bool]]:
    """The ways to understand the saying, and whether one is another turned round."""
    for change in saying.changes:
        yield replace(change, either_way=False), False
    for change in saying.changes:
        if change.either_way and change.corrected.strip():
            yield Change(original=change.corrected, corrected=change.original), True


def _at(narrowed: narrowing.Narrowed, how: How, certainty: Certainty) -> Finding:
    start, end = narrowed.span
    return Finding(
        place=Place(state=AnchorState.ANCHORED, start=start, end=end),
        change=Change(original=narrowed.original, corrected=narrowed.corrected),
        certainty=certainty,
        how=how,
    )


def _best(found: Sequence[Finding]) -> Finding | None:
    """The first that has a place, else several places, else is fixed already."""
    for state in (AnchorState.ANCHORED, AnchorState.AMBIGUOUS, AnchorState.ALREADY_FIXED):
        for finding in found:
            if finding.place.state is state:
                return finding
    return None
