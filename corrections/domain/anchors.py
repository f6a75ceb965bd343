"""Where the words a reader quoted stand in a text, after the TextQuoteSelector of the W3C Web Annotation Data Model.

Offsets are characters (code points) of the text. What cannot be told is said to be ambiguous or orphaned, not guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.context import Context
from corrections.domain.occurrences import (
    Span,
    as_words,
    bare,
    cuts_word,
    has_word,
    inside_words,
    is_unspaced,
    longest_word,
)
from corrections.domain.text import Normalised, as_corrected, folded, normalise

AROUND: Final = 64  # characters of context kept on each side of an anchor that we make
PLACES: Final = 50  # more places than this help nobody to choose

_SCANNED = 2_000  # places compared with the context, before it is called ambiguous
_LONG = 30  # characters from which on a quote that stands there word for word is taken at its word
_SENTENCE = 80  # words of a corrected text beyond which it is more than a sentence round the error
_TOLD = 400  # characters of a corrected text that stands there word for word for no other reason
_INSIDE = 3  # letters that a quote needs to be looked for inside longer words
_TRIMMED = 4  # blanks between quote and context
_ALIKE = 60.0  # per cent of likeness that a quote has with its own correction
_TELLING_CORRECTION = 12  # characters of a corrected text of two words or more that do not stand there by chance
_RIVAL = 80.0  # per cent of likeness from which on other words may be what the reader meant
_PRINTERS_MARKS = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2026]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The quoted words and, where known, the characters just before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class AnchorState(StrEnum):
    """What became of the search for an anchor."""

    ANCHORED = "anchored"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"
    ALREADY_FIXED = "already_fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an anchor was found: the span of the quote when anchored, of the corrected words when already fixed.

    ``spans`` are the places to choose from when ambiguous, in the order of the text, at most ``PLACES``. A single one
    means that the quote stands there, but not between the words that were given as its context. Already fixed in
    several places: ``spans`` has them, and start and end are None.
    """

    state: AnchorState
    start: int | None = None
    end: int | None = None
    spans: tuple[tuple[int, int], ...] = ()


_ORPHANED: Final = Place(state=AnchorState.ORPHANED)


def locate(anchor: Anchor, text: str, corrected: str = "") -> Place:
    """Find the quote: as it is with its context, as it is, normalised with its context, normalised.

    The words around it decide between several places, then the case and the quotation marks if the reader evidently
    copied them, then a corrected text that brings its sentence along. A quote typed in lower case that stands there
    once so and again in capitals is ambiguous. Longer words are looked into only if the quote is nowhere a word of
    its own. Punctuation alone is found by its context only.
    """
    return _word_for_word(anchor, text, corrected) or _Search(anchor, text, corrected).place()


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of a span: its words with up to ``AROUND`` characters on each side."""
    start, end = max(start, 0), max(end, start, 0)
    return Anchor(exact=text[start:end], prefix=text[max(0, start - AROUND) : start], suffix=text[end : end + AROUND])


def _anchored(span: Span) -> Place:
    return Place(state=AnchorState.ANCHORED, start=span[0], end=span[1])


def _word_for_word(anchor: Anchor, text: str, corrected: str) -> Place | None:
    """The quick way: letter by letter, where nothing else can be meant."""
    core = anchor.exact.strip()
    if not core or (corrected and core.casefold() in corrected.casefold()):
        return None
    if anchor.prefix or anchor.suffix:
        return _between_its_context(anchor, core, text)
    if not has_word(core):
        return None
    found = as_words(core, text, 2)
    if len(found) == 1 and (len(core) >= _LONG or _copied(core) or text.casefold().count(longest_word(core)) == 1):
        return _anchored(found[0])
    return None


def _between_its_context(anchor: Anchor, core: str, text: str) -> Place | None:
    """The one place with this very context; blanks where quote and context meet may have been trimmed off."""
    before, after = anchor.prefix.strip(), anchor.suffix.strip()
    found = [
        (start, end)
        for start, end in inside_words(core, text, _SCANNED)
        if text[max(0, start - len(anchor.prefix) - _TRIMMED) : start].rstrip().endswith(before)
        and text[end : end + len(anchor.suffix) + _TRIMMED].lstrip().startswith(after)
    ]
    if len(found) != 1:
        return None
    start, end = found[0]
    # A word that is cut is one that was not marked to its end, and then its rest begins the context.
    cut_before = cuts_word(text, start) and not (before and text.endswith(before, 0, start))
    cut_after = cuts_word(text, end) and not (after and text.startswith(after, end))
    return None if cut_before or cut_after else _anchored((start, end))


def _copied(quote: str) -> bool:
    """Whether the reader evidently kept the case and the signs: telephones capitalise a first letter by themselves."""
    return quote[1:] != quote[1:].lower() or _PRINTERS_MARKS.search(quote) is not None


class _Search:
    """The thorough way: in the normalised text, weighing what the reader gave."""

    def __init__(self, anchor: Anchor, text: str, corrected: str) -> None:
        self.typed, self.source = anchor.exact.strip(), text
        self.normalised: Normalised = normalise(text)
        self.hay = self.normalised.text
        self.flat = self.hay.replace("\n", " ")  # contexts may run over the end of a paragraph
        self.quote = folded(anchor.exact)
        self.context = Context(anchor.prefix, anchor.suffix, self.flat)
        self.corrected, self.correction = corrected.strip(), folded(corrected)

    def place(self) -> Place:
        if not has_word(self.quote):
            spans = self.context.fitting(self.inside(self.quote))
            return self.anchored(spans[0]) if len(spans) == 1 else _ORPHANED
        spans = self.words(self.quote) or self.unwrapped()
        if not self.context.fitting(spans) and (cut := self.cut_short()) is not None:
            return self.anchored(cut)
        spans = spans or self.within()
        if not spans:
            return self.fixed() or _ORPHANED
        wrong = self.still_wrong(spans)
        if not wrong:
            return self.fixed_at(spans if self.correction == self.quote else self.words(self.correction))
        chosen = self.choose(wrong)
        if chosen is not None:
            return self.anchored(chosen)
        elsewhere = self.context.weighs and not self.context.agrees_with_any(wrong)
        return (self.fixed() if elsewhere else None) or Place(
            state=AnchorState.AMBIGUOUS, spans=tuple(self.normalised.span(*span) for span in wrong[:PLACES])
        )

    # Looking

    def words(self, needle: str) -> list[Span]:
        most = _SCANNED if self.context or self.correction else PLACES + 1
        return [span for span in as_words(needle, self.hay, most) if self.is_whole(span)]

    def unwrapped(self) -> list[Span]:
        """The quote without what the reader put round it."""
        self.quote, self.correction = bare(self.quote), bare(self.correction)
        return self.words(self.quote)

    def inside(self, needle: str) -> list[Span]:
        return [span for span in inside_words(needle, self.hay, _SCANNED) if self.is_whole(span)]

    def within(self) -> list[Span]:
        """Inside longer words, unless the corrected words stand there on their own: then the quote was another."""
        if (len(self.quote) < _INSIDE and not is_unspaced(self.quote)) or (
            self.correction and self.words(self.correction)
        ):
            return []
        return self.inside(self.quote)

    def cut_short(self) -> Span | None:
        """Words marked with a letter too few at an edge: inside a longer word, but right between their context."""
        fitting = self.context.fitting(self.inside(self.quote)) if self.context.weighs else []
        if len(fitting) != 1:
            return None
        start, end = fitting[0]
        right = [span for span in self.words(self.correction) if span[0] <= start and end <= span[1]]
        return None if any(self.printed(span) == self.corrected for span in right) else fitting[0]

    def is_whole(self, span: Span) -> bool:
        """Whether the span begins and ends between characters of the source: a ligature is not to be halved."""
        start, end = span
        starts, ends = self.normalised.starts, self.normalised.ends
        return (start == 0 or starts[start] >= ends[start - 1]) and (
            end == len(self.hay) or starts[end] >= ends[end - 1]
        )

    # Weighing

    def still_wrong(self, spans: Sequence[Span]) -> list[Span]:
        """The places that do not read as corrected already."""
        if not self.correction:
            return list(spans)
        if self.correction == self.quote:  # a change of case, quotation marks, dashes or blanks only
            as_typed = [span for span in spans if self.printed(span) == self.typed]
            return as_typed or [span for span in spans if self.printed(span) != self.corrected]
        if self.quote not in self.correction:
            return list(spans)
        right = self.words(self.correction)
        return [span for span in spans if not any(start <= span[0] and span[1] <= end for start, end in right)]

    def choose(self, spans: Sequence[Span]) -> Span | None:
        """The one place that is meant, or None if that cannot be told."""
        fitting = self.context.fitting(spans)
        if len(fitting) == 1:
            return fitting[0]
        if self.context.weighs and not fitting:
            return spans[0] if len(spans) == 1 and len(self.quote) >= _LONG else self.context.best(spans)
        spans = fitting or spans
        if len(spans) == 1:
            return spans[0]
        as_typed = [span for span in spans if self.printed(span) == self.typed] if _copied(self.typed) else []
        if len(as_typed) == 1:
            return as_typed[0]
        said = [span for span in spans if self.said_in_correction(span)]
        return said[0] if len(said) == 1 else None

    def said_in_correction(self, span: Span) -> bool:
        """Whether the corrected text brings two or more of the words around the place along."""
        words = self.correction.split()
        if len(words) > _SENTENCE:
            return False
        before, after = (
            " " + self.flat[max(0, span[0] - 500) : span[0]].rstrip(),
            self.flat[span[1] : span[1] + 500].lstrip() + " ",
        )
        longest = len(self.quote.split()) + 1
        for at in range(len(words) + 1):
            if at and not before.endswith(" " + " ".join(words[:at])):
                return False
            for replaced in range(min(longest, len(words) - at - (at == 0)) + 1):
                rest = words[at + replaced :]
                if at + len(rest) > 1 and (not rest or after.startswith(" ".join(rest) + " ")):
                    return True
        return False

    def printed(self, span: Span) -> str:
        start, end = self.normalised.span(*span)
        return self.source[start:end]

    # Saying

    def anchored(self, span: Span) -> Place:
        return _anchored(self.normalised.span(*span))

    def fixed_at(self, spans: Sequence[Span]) -> Place:
        found = tuple(self.normalised.span(*span) for span in spans[:PLACES])
        if len(found) == 1:
            return Place(state=AnchorState.ALREADY_FIXED, start=found[0][0], end=found[0][1])
        return Place(state=AnchorState.ALREADY_FIXED, spans=found)

    def fixed(self) -> Place | None:
        """Already fixed, where it is sure that the corrected words that stand there are the ones that were meant."""
        right = folded(as_corrected(self.typed, self.corrected))
        if not has_word(right) or right == self.quote:
            return None
        spans = self.words(right)
        if self.context.weighs:
            fitting = self.context.fitting(spans)
            best = fitting[0] if len(fitting) == 1 else self.context.best(spans, surely=True)
            return None if best is None else self.fixed_at([best])
        if len(spans) != 1 or fuzz.ratio(self.quote, right) < _ALIKE:
            return None
        long_enough = len(right) >= _TELLING_CORRECTION and " " in right
        if len(right) >= _TOLD:
            return self.fixed_at(spans)
        others = self.hay.replace(right, "\n")
        if fuzz.partial_ratio(self.quote, others, score_cutoff=_RIVAL if long_enough else _RIVAL - 5):
            return None
        return self.fixed_at(spans)
