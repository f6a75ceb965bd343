"""What a person said, laid on the text of an article: which change is meant, and at which very words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz

from corrections.domain import narrowing
from corrections.domain.anchors import Anchor, AnchorState, Place, locate
from corrections.domain.approximate import is_cut, is_odder, near_words
from corrections.domain.confusables import is_often_mixed_up
from corrections.domain.findings import Finding, How, placed
from corrections.domain.findings import among as several
from corrections.domain.loosely import Loosely
from corrections.domain.marking import read_to_the_end
from corrections.domain.matching import Certainty
from corrections.domain.occurrences import Span, as_words, cuts_word
from corrections.domain.paragraphs import meant, number_of, paragraphs
from corrections.domain.sayings import Change, Hint, Region, Saying
from corrections.domain.text import folded
from corrections.domain.variants import is_variant

__all__ = ["Finding", "How", "find"]

_ORPHANED: Final = Place(state=AnchorState.ORPHANED)
_QUOTED_ON: Final = re.compile(r'\s*["“”„«»]')
_ALIKE: Final = 50.0  # per cent of likeness of words with what corrects them, usually
_NAMED: Final = 6  # words that somebody names for how they should read
_FAR: Final = 2  # paragraphs from where a reader says it is to where it is, that are not a miscount


def find(saying: Saying, text: str, language: str | None = None) -> Finding:
    """Find what the saying means in the text; never raises, and says ambiguous or orphaned where it cannot be told.

    Each reading of the words is looked for as it stands, the likeliest first, before any is looked for loosely.
    """
    return _Finder(saying, text, language).found()


class _Finder:
    def __init__(self, saying: Saying, text: str, language: str | None) -> None:
        self.saying, self.text = saying, text
        self.readings = list(_readings(saying, language))

    @cached_property
    def counted(self) -> list[Span]:
        return paragraphs(self.text)

    @cached_property
    def loosely(self) -> Loosely:
        return Loosely(self.text)

    def found(self) -> Finding:
        told = [change for change, turned in self.readings if not turned]
        best = self.cut(told) or self.best(told, turned=False)
        if best is None or best.place.state is AnchorState.ALREADY_FIXED:
            # Only where the words that should be wrong are nowhere may it be the other way round.
            other = self.best([change for change, turned in self.readings if turned], turned=True)
            best = other if other is not None and other.place.state is AnchorState.ANCHORED else best
        second_choice = best is not None and self.is_second_choice(best)
        if best is None or (len(told) > 1 and (_is_vague(best) or second_choice)):
            wanted = told[:1] if second_choice else [change for change, _ in self.readings]
            loose = self.loosely.found(wanted)
            best = loose if loose is not None and (best is None or _is_clear(loose.change)) else best
        return best or self.nowhere()

    def cut(self, changes: Sequence[Change]) -> Finding | None:
        """A quote with something left out, as it stands or its parts in their order, before any part alone."""
        for change in changes:
            if is_cut(change.original):
                found = self.literally(change, turned=False) or self.loosely.cut(change)
                if found is not None and found.place.state is AnchorState.ANCHORED:
                    return found
        return None

    def is_second_choice(self, finding: Finding) -> bool:
        """Whether it stands in several places and was not what the words mean most likely."""
        several_places = finding.place.state is AnchorState.AMBIGUOUS
        return several_places and finding.change.original != self.saying.first.original

    def best(self, changes: Sequence[Change], *, turned: bool) -> Finding | None:
        """The reading that fits, each looked for as it stands; of marked words nothing else is asked."""
        marked = self.saying.prefix or self.saying.suffix
        if marked:
            changes = [change for change in changes if change.original == self.saying.first.original]
        found = [found for change in changes if (found := self.literally(change, turned)) is not None]
        return _best(found, only=len(changes) == 1)

    def nowhere(self) -> Finding:
        change = self.saying.first
        original, corrected = narrowing.narrow_words(change.original, change.corrected)
        said = Change(original=original, corrected=corrected)
        return Finding(place=_ORPHANED, change=said, certainty=Certainty.UNKNOWN, how=How.NONE)

    # As it stands

    def literally(self, change: Change, turned: bool) -> Finding | None:
        if not change.original.strip():
            return None
        anchor, corrected = read_to_the_end(self.anchor(change), change.corrected)
        change = Change(original=anchor.exact, corrected=corrected)
        place = locate(anchor, self.text, change.corrected)
        if place.state is AnchorState.AMBIGUOUS:
            return self.among(change, place)
        if place.state is AnchorState.ALREADY_FIXED:
            return self.fixed(change, place)
        if place.state is AnchorState.ORPHANED or place.start is None or place.end is None:
            return None
        span = (place.start, place.end)
        how, certainty = self.how(anchor, span)
        sibling = self.sibling(change)
        if sibling is not None and is_odder(folded(sibling.change.original), folded(change.original), self.text):
            return sibling
        doubtful = self.is_doubtful(change) or self.is_cut_short(change)
        if turned or sibling is not None or doubtful or (how is How.EXACT and self.is_far(span)):
            certainty = Certainty.LIKELY
        return self.anchored(span, change, how, certainty)

    def sibling(self, change: Change) -> Finding | None:
        """A word nearly like the one that was named, where that may as well be the right one of the two."""
        named = Change(original="", corrected=change.original)
        return self.loosely.spelled(named) if self.may_be_right(change) else None

    def may_be_right(self, change: Change) -> bool:
        """Whether the words may have been named for how they should read."""
        pointed = self.saying.hints or self.saying.prefix or self.saying.suffix
        named = Change(original="", corrected=change.original)
        return not pointed and not change.corrected and named in self.saying.changes

    def is_doubtful(self, change: Change) -> bool:
        """Whether a word that may be right has others in the article that it may be right for."""
        word = folded(change.original)
        if not self.may_be_right(change):
            return False
        if " " in word:
            return len(word.split()) <= _NAMED and self.loosely.stands_without_a_word(word)
        if is_often_mixed_up(word):
            return True
        others = [other for _, other in near_words(word, self.text.casefold(), 1) if other != word]
        return bool(others) or any(map(str.isdecimal, word))

    def is_cut_short(self, change: Change) -> bool:
        """Whether the words end with a quotation mark within a longer quotation, which is nowhere as a whole."""
        return any(
            longer.original.startswith(change.original) and _QUOTED_ON.match(longer.original, len(change.original))
            for longer in self.saying.changes
            if longer.corrected == change.corrected
        )

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
        typed = as_words(change.original.strip(), self.text, 2)
        if len(typed) == 1 < len(place.spans):
            return self.anchored(typed[0], change, How.CAPITALS, Certainty.LIKELY)
        return several(place.spans, change, How.NONE)

    def hinted(self, change: Change, hint: Hint) -> Finding | None:
        areas = [
            [self.within(change, area) for area in wanted if area[0] < area[1]] for wanted in meant(hint, self.counted)
        ]
        held = [[spans for spans in area if spans] for area in areas]
        for nearness, spans in enumerate(held):
            if not spans:
                continue
            if len(spans) > 1 or len(spans[0]) > 1:
                in_it = nearness == 0 and hint.region is Region.PARAGRAPH
                return several(spans[0], change, How.HINT) if in_it else None
            sure = nearness == 0 and not any(held[1:]) and hint.region is Region.PARAGRAPH
            certainty = Certainty.CERTAIN if sure else Certainty.LIKELY
            return self.anchored(spans[0][0], change, How.HINT, certainty)
        return None

    def within(self, change: Change, area: Span) -> list[Span]:
        """The places of the quote in a part of the text."""
        first, last = area
        place = locate(Anchor(exact=change.original), self.text[first:last], change.corrected)
        if place.state is AnchorState.ANCHORED and place.start is not None and place.end is not None:
            found = [(first + place.start, first + place.end)]
        else:
            found = [(first + start, first + end) for start, end in place.spans if place.state is AnchorState.AMBIGUOUS]
        return [span for span in found if not cuts_word(self.text, span[0]) and not cuts_word(self.text, span[1])]

    def anchored(self, span: Span, change: Change, how: How, certainty: Certainty) -> Finding:
        narrowed = narrowing.narrow(self.text, span, change.original, change.corrected)
        return placed(narrowed, how, certainty)

    def fixed(self, change: Change, place: Place) -> Finding:
        original, corrected = narrowing.narrow_words(change.original, change.corrected)
        said = Change(original=original, corrected=corrected)
        return Finding(place=place, change=said, certainty=Certainty.LIKELY, how=How.NONE)


def _readings(saying: Saying, language: str | None) -> Iterator[tuple[Change, bool]]:
    """The ways to understand the saying, and whether one is another turned round."""
    turned: list[Change] = []
    for change in saying.changes:
        told = replace(change, either_way=False)
        other = Change(original=change.corrected, corrected=change.original)
        if change.either_way and change.corrected.strip():
            # Nobody asks for the spelling of the other side of the Atlantic where their own stands.
            if is_variant(told.original, told.corrected, language) and not is_variant(*_words(other), language):
                told, other = other, told
            turned.append(other)
        yield told, False
    yield from ((change, True) for change in turned)


def _words(change: Change) -> tuple[str, str]:
    return change.original, change.corrected


def _best(found: Sequence[Finding], *, only: bool) -> Finding | None:
    """The reading that fits the article best: one whose correction is like what stands there, else the first.

    Certain only if no other reading as good is about another place, and none before it stands in several.
    """
    anchored = [finding for finding in found if finding.place.state is AnchorState.ANCHORED]
    if anchored:
        clear = [finding for finding in anchored if _is_clear(finding.change)]
        chosen, *others = clear or anchored
        vague = not clear and not only and bool(chosen.change.corrected)
        before = found[: found.index(chosen)]
        unclear = any(_is_other_one(earlier, chosen) for earlier in before)
        if vague or unclear or any(_apart(chosen.place, other.place) for other in others):
            return replace(chosen, certainty=Certainty.LIKELY)
        return chosen
    for state in (AnchorState.AMBIGUOUS, AnchorState.ALREADY_FIXED):
        for finding in found:
            if finding.place.state is state:
                return finding
    return None


def _is_other_one(earlier: Finding, chosen: Finding) -> bool:
    """Whether an earlier reading stands in several places, and is not just a part of the chosen one."""
    several_places = earlier.place.state is AnchorState.AMBIGUOUS
    return several_places and folded(earlier.change.original) not in folded(chosen.change.original)


def _is_vague(finding: Finding) -> bool:
    """Whether it is placed, but what it should read is nothing like it."""
    placed_there = finding.place.state is AnchorState.ANCHORED
    return placed_there and bool(finding.change.corrected) and not _is_clear(finding.change)


def _is_clear(change: Change) -> bool:
    was, now = change.original.casefold(), change.corrected.casefold()
    return bool(now) and fuzz.ratio(was, now) >= _ALIKE


def _apart(one: Place, other: Place) -> bool:
    return (one.end or 0) <= (other.start or 0) or (other.end or 0) <= (one.start or 0)
