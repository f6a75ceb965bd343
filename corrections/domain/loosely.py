"""Where words stand that the article does not have as they were quoted: always likely at most, never certain."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from corrections.domain import approximate, narrowing
from corrections.domain.findings import Finding, How, among, placed
from corrections.domain.matching import Certainty
from corrections.domain.narrowing import Narrowed
from corrections.domain.occurrences import Span, as_words, has_word
from corrections.domain.sayings import Change
from corrections.domain.text import folded, normalise

_TELLING: Final = 4  # letters of a word that stands nowhere by chance
_ONE_EDIT, _TWO_EDITS = 5, 9  # letters of a word from which on so many may be other ones
_ORDINAL: Final = re.compile(r"(?:the )?(?P<number>\d{1,2})(?:st|nd|rd|th)(?![^\W_])")
_MISSING_FROM: Final = 60  # words of a quote from which one may be missing
_TOLD: Final = 2  # places of a word that show that the article knows it


class Loosely:
    """The ways to look for a change in one text, from what says most to what says least."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.normalised = normalise(text)
        self.hay = self.normalised.text

    def found(self, changes: Sequence[Change]) -> Finding | None:
        """The first of these changes that is found in the first way that finds one."""
        ways: tuple[Callable[[Change], Finding | None], ...] = (
            self.cut,
            self.approximately,
            self.by_its_word,
            self.by_its_number,
            self.pasted,
            self.nearly,
            self.spelled,
        )
        return next((finding for way in ways for change in changes if (finding := way(change)) is not None), None)

    def cut(self, change: Change) -> Finding | None:
        """A quote with something left out: its parts in order."""
        pieces = approximate.parts(folded(change.original)) if approximate.is_cut(change.original) else []
        found = list(approximate.chains(pieces, self.hay)) if pieces else []
        if not found:
            return None
        if len({chain[-1] for chain in found}) > 1:
            return among([self._source(chain[-1]) for chain in found], change, How.PARTS)
        chain = [self._source(span) for span in found[-1]]
        told = len(chain) > 1 or " " in pieces[0]
        same = all(
            approximate.is_same(piece, self.hay[slice(*span)]) for piece, span in zip(pieces, found[-1], strict=True)
        )
        certainty = Certainty.CERTAIN if told and same else Certainty.LIKELY
        for span in reversed(chain):
            narrowed = narrowing.narrow(self.text, span, self.text[slice(*span)], change.corrected)
            if narrowed.span != span or len(chain) == 1:
                return placed(narrowed, How.PARTS, certainty)
        whole = min(start for start, _ in chain), max(end for _, end in chain)
        narrowed = narrowing.narrow(self.text, whole, self.text[slice(*whole)], change.corrected)
        return placed(narrowed, How.PARTS, certainty)

    def approximately(self, change: Change) -> Finding | None:
        """A quote with slips of the reader's own, or with the error mended in it already."""
        found = approximate.in_words(folded(change.original), self.hay)
        best = self._source(found[0]) if len(found) == 1 else self._nearest(change.original)
        if best is None:
            return None
        if not change.corrected.strip() and (mended := self._mended(best, change.original)) is not None:
            return placed(mended, How.CORRECTION, Certainty.LIKELY)
        narrowed = narrowing.narrow(self.text, best, change.original, change.corrected)
        return placed(narrowed, How.APPROXIMATE, Certainty.LIKELY)

    def by_its_word(self, change: Change) -> Finding | None:
        """The word that is wrong in the quote stands once in the article, if between other words."""
        if not change.original.strip() or not change.corrected.strip():
            return None
        original, corrected = narrowing.narrow_words(change.original, change.corrected)
        word = folded(original)
        if original == change.original or len(word) < _TELLING:
            return None
        found = as_words(word, self.hay, 2)
        if len(found) != 1:
            return None
        narrowed = narrowing.narrow(self.text, self._source(found[0]), original, corrected)
        return placed(narrowed, How.CORRECTION, Certainty.LIKELY)

    def by_its_number(self, change: Change) -> Finding | None:
        """A day such as "11th" that the article writes without its ending."""
        was, now = _ORDINAL.match(folded(change.original)), _ORDINAL.match(folded(change.corrected))
        found = as_words(was["number"], self.hay, 2) if was and now else []
        if not was or not now or len(found) != 1:
            return None
        narrowed = narrowing.narrow(self.text, self._source(found[0]), was["number"], now["number"])
        return placed(narrowed, How.APPROXIMATE, Certainty.LIKELY)

    def pasted(self, change: Change) -> Finding | None:
        """Words as they should read, no more: what stands there instead tells the rest."""
        if (
            change.original.strip()
            or " " not in change.corrected.strip()
            or as_words(folded(change.corrected), self.hay, 1)
        ):
            return None
        best = self._nearest(change.corrected) or self._with_one_missing(folded(change.corrected))
        if best is None:
            return None
        narrowed = narrowing.narrow(self.text, best, self.text[slice(*best)], change.corrected)
        return placed(narrowed, How.CORRECTION, Certainty.LIKELY)

    def nearly(self, change: Change) -> Finding | None:
        """A word that the reader misspelled in a way of their own, or in another form.

        Not without a correction: the word that comes near it may be the mended one.
        """
        word, right = folded(change.original), folded(change.corrected)
        if not right or len(word) < _ONE_EDIT:
            return None
        best = self._near_word(word, right, approximate.bound(word))
        if best is None:
            return None
        narrowed = narrowing.narrow(self.text, best, self.text[slice(*best)], change.corrected)
        return placed(narrowed, How.APPROXIMATE, Certainty.LIKELY)

    def spelled(self, change: Change) -> Finding | None:
        """A right word and nothing else: the one word that looks like a misspelling of it, or the word twice."""
        right = change.corrected.strip()
        if change.original.strip() or not has_word(right) or " " in right:
            return None
        doubled = as_words(f"{folded(right)} {folded(right)}", self.hay, 2)
        best = self._source(doubled[0]) if len(doubled) == 1 else self._misspelled(folded(right))
        if best is None:
            return None
        narrowed = narrowing.narrow(self.text, best, self.text[slice(*best)], right)
        return placed(narrowed, How.SPELLING, Certainty.LIKELY)

    # What these share

    def _nearest(self, quote: str) -> Span | None:
        best = approximate.clear_best(approximate.nearest(folded(quote), self.hay))
        return self._source(best.span) if best is not None else None

    def _misspelled(self, right: str) -> Span | None:
        most = (len(right) >= _ONE_EDIT) + (len(right) >= _TWO_EDITS)
        return self._near_word(right, right, most) if most else None

    def _near_word(self, word: str, right: str, most: int) -> Span | None:
        """The one word that is so many edits away, but is neither the right one nor another form of it."""
        if not has_word(word) or " " in word:
            return None
        found = [
            (distance, other)
            for distance, other in approximate.near_words(word, self.hay, most)
            if other not in {word, right} and not approximate.is_form_of(other, right)
        ]
        if not found or (len(found) > 1 and found[1][0] == found[0][0]):
            return None
        places = as_words(found[0][1], self.hay, 2)
        return self._source(places[0]) if len(places) == 1 else None

    def stands_without_a_word(self, words: str) -> bool:
        """Whether the words stand there with one of them missing, not the first and not the last."""
        return self._with_one_missing(folded(words)) is not None

    def _with_one_missing(self, words: str) -> Span | None:
        said = words.split(" ")
        if len(said) > _MISSING_FROM:
            return None
        ways = (" ".join([*said[:at], *said[at + 1 :]]) for at in range(1, len(said) - 1))
        found = [span for way in ways for span in as_words(way, self.hay, 2)]
        return self._source(found[0]) if len(found) == 1 else None

    def _mended(self, span: Span, quote: str) -> Narrowed | None:
        """The error, if the reader mended it in what they pasted: the article has the reader's word elsewhere."""
        narrowed = narrowing.narrow(self.text, span, self.text[slice(*span)], quote)
        was, now = folded(narrowed.original), folded(narrowed.corrected)
        if not was or not now or narrowed.span == span:
            return None
        if was == f"{now} {now}":
            return narrowed
        if " " in was or " " in now or len(now) < _TELLING or len(as_words(was, self.hay, _TOLD)) > 1:
            return None
        return narrowed if len(as_words(now, self.hay, _TOLD)) == _TOLD else None

    def _source(self, span: Span) -> Span:
        return self.normalised.span(*span)
