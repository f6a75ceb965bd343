"""A change laid on the words of a text: which of them it touches, and how these should read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.alignment import Hunk, Token, aligned, tokens
from corrections.domain.occurrences import Span, cuts_word, has_word

REACH: Final = 80  # characters on each side of a quote in which the words next to it are looked for
_THERE: Final = 60.0  # per cent of likeness of words that are said to change with those that stand there
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A span of the text, the words that stand there, and how these very words should read ('' if not told)."""

    span: Span
    original: str
    corrected: str


def whole_words(text: str, span: Span) -> Span:
    """The span with words that it cuts taken whole."""
    start, end = span
    while cuts_word(text, start):
        start -= 1
    while cuts_word(text, end):
        end += 1
    return start, end


def window(text: str, span: Span, reach: int = REACH) -> Span:
    """The span with some words on each side, within its paragraph."""
    start, end = span
    first, last = max(0, start - reach), min(len(text), end + reach)
    breaks = [match.end() for match in _BLANK_LINE.finditer(text, first, start)]
    first = breaks[-1] if breaks else first
    after = _BLANK_LINE.search(text, end, last)
    return whole_words(text, (first, after.start() if after else last))


class Laid:
    """A change laid on the words of the text: tokens ``first`` to ``last`` of it, and what is to stand there."""

    def __init__(
        self, text: str, span: Span, old: Sequence[Token], new: Sequence[Token], hunks: Sequence[Hunk]
    ) -> None:
        self.text, self.new, self.hunks = text, new, hunks
        first, last = window(text, span)
        # A span that ends before the ending of a genitive parts it from its word.
        self.there = [*tokens(text, first, span[0]), *tokens(text, *span), *tokens(text, span[1], last)]
        self.place = self._places(span, old)
        self.kept = self._kept(old)
        self.agrees = all(self._is_there(hunk, old) for hunk in hunks)
        edges = [self._edges(hunk) for hunk in hunks]
        self.first, self.last = min(first for first, _ in edges), max(last for _, last in edges)
        self.pieces = list(self._pieces(hunks[0].new[0], hunks[-1].new[1]))

    def _places(self, span: Span, old: Sequence[Token]) -> list[Span]:
        """For each token of the quote, from and to which token of the text it stands."""
        inside = [i for i, token in enumerate(self.there) if token.start < span[1] and token.end > span[0]]
        found: list[Span] = []
        printed = [self.there[i].key for i in inside]
        for _, (a, b), (c, d) in aligned([token.key for token in old], printed):
            one_to_one = b - a == d - c
            found.extend((c + i, c + i + 1) if one_to_one else (c, d) for i in range(b - a))
        offset = inside[0] if inside else 0
        return [(first + offset, last + offset) for first, last in found]

    def _is_there(self, hunk: Hunk, old: Sequence[Token]) -> bool:
        """Whether the words that change stand in the text much as the reader quoted them."""
        first, last = hunk.old
        if first == last:
            return True
        there = self.there[self.place[first][0] : self.place[last - 1][1]]
        return fuzz.ratio(" ".join(t.key for t in there), " ".join(t.key for t in old[first:last])) >= _THERE

    def _kept(self, old: Sequence[Token]) -> dict[int, int]:
        """Which tokens of the new wording stay, and which of the text they are."""
        found: dict[int, int] = {}
        for kept, (a, b), (c, _) in aligned([token.key for token in old], [token.key for token in self.new]):
            for i in range(b - a if kept else 0):
                first, last = self.place[a + i]
                if last - first == 1:
                    found[c + i] = first
        changed = {i for hunk in self.hunks if self._replaces(hunk, old) for i in range(*hunk.new)}
        return {new: there for new, there in found.items() if new not in changed}

    def _replaces(self, hunk: Hunk, old: Sequence[Token]) -> bool:
        """Whether other words come, and not only another blank between them."""
        return [token.text for token in old[slice(*hunk.old)]] != [token.text for token in self.new[slice(*hunk.new)]]

    def _edges(self, hunk: Hunk) -> Span:
        first, last = hunk.old
        if first < last:
            return self.place[first][0], self.place[last - 1][1]
        at = self.place[first - 1][1] if first else self.place[0][0]
        return at, at

    def _pieces(self, first: int, last: int) -> Iterator[tuple[str, str]]:
        """(what stands before it, token) of the new words; what stays is written as in the text."""
        for i in range(first, last):
            there = self.kept.get(i)
            if there is None:
                yield " " if self.new[i].gap else "", self.new[i].text
                continue
            token, before = self.there[there], self.kept.get(i - 1)
            if before is not None and i > first:
                yield from ((left.gap, left.text) for left in self.there[before + 1 : there])
            yield (token.gap or " ") if self.new[i].gap else "", token.text

    def narrowed(self) -> Narrowed | None:
        """The words that change, with those beside them where alone they would say nothing; None if there are none."""
        if self.first == self.last:
            self._between()
        elif not self.pieces:
            self._without()
        elif not any(token.is_word for token in self.there[self.first : self.last]):
            self._hang(self.there[self.first].gap)
        else:
            if self.hunks[0].old[0] == self.hunks[0].old[1]:
                self._take_left()
            if self.hunks[-1].old[0] == self.hunks[-1].old[1]:
                self._take_right()
        if self.first == self.last:
            return None
        span = self.there[self.first].start, self.there[self.last - 1].end
        words = "".join(gap + text for gap, text in self.pieces)
        words = words[len(self.pieces[0][0]) :] if self.pieces else ""
        return Narrowed(span, self.text[slice(*span)], words)

    def _between(self) -> None:
        """Something is missing or too much: the words on both sides, or the one that a sign hangs on."""
        if self.pieces and not any(has_word(text) for _, text in self.pieces):
            after = self.hunks[-1].new[1]
            if not self.pieces[0][0] and after < len(self.new) and not self.new[after].gap:
                self._to_word_right()  # a sign that joins two words
            self._hang(self.pieces[0][0])
            return
        left = self.first > 0 and self.there[self.first - 1].is_word
        right = self.last < len(self.there) and self.there[self.last].is_word
        if right or self._parts_differ():
            self._take_right()
        if left or not right:
            self._take_left() or right or self._take_right()

    def _parts_differ(self) -> bool:
        """Whether a sign follows, with a blank before it in one of the two only."""
        after = self.hunks[-1].new[1]
        if self.last >= len(self.there) or after >= len(self.new):
            return False
        return self.kept.get(after) == self.last and bool(self.new[after].gap) != bool(self.there[self.last].gap)

    def _without(self) -> None:
        """Something is too much: with its twin, else with the words on both sides."""
        size = self.last - self.first
        keys = [token.key for token in self.there]
        gone = keys[self.first : self.last]
        if not any(token.is_word for token in self.there[self.first : self.last]):
            self._hang(self.there[self.first].gap)
        elif self.first >= size and keys[self.first - size : self.first] == gone:
            self._take_left(size)
        elif keys[self.last : self.last + size] == gone:
            self._take_right(size)
        else:
            self._between()

    def _hang(self, gap: str) -> None:
        """Take the word that signs hang on: the one before, or after a blank the next."""
        ways = [self._to_word_left, self._to_word_right]
        first, second = ways if not gap else reversed(ways)
        first() or second()

    def _to_word_left(self) -> bool:
        at = next((i for i in range(self.first - 1, -1, -1) if self.there[i].is_word), None)
        return at is not None and self._take_left(self.first - at)

    def _to_word_right(self) -> bool:
        at = next((i for i in range(self.last, len(self.there)) if self.there[i].is_word), None)
        return at is not None and self._take_right(at - self.last + 1)

    def _take_left(self, size: int = 1) -> bool:
        if self.first < size:
            return False
        if self.pieces:
            begins = self.hunks[0].new[0]
            gap = (
                bool(self.new[begins].gap)
                if 0 < begins < len(self.new)
                else bool(self.there[self.first : self.first + 1])
            )
            self.pieces[0] = (" " if gap else "", self.pieces[0][1])
        taken = self.there[self.first - size : self.first]
        self.pieces[:0] = [(token.gap, token.text) for token in taken]
        self.first -= size
        return True

    def _take_right(self, size: int = 1) -> bool:
        taken = self.there[self.last : self.last + size]
        if len(taken) < size:
            return False
        ends = self.hunks[-1].new[1]
        gap = taken[0].gap if ends >= len(self.new) else self.new[ends].gap and (taken[0].gap or " ")
        if ends >= len(self.new) and has_word(taken[0].text) and self.pieces and has_word(self.pieces[-1][1]):
            gap = gap or " "
        self.pieces += [(gap if i == 0 else token.gap, token.text) for i, token in enumerate(taken)]
        self.last += size
        return True
