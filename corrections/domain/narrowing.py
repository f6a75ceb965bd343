"""From the words a reader quoted to the words that change: the error itself, as narrowly as it can be told."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein

from corrections.domain.anchors import Anchor
from corrections.domain.difference import TOKEN
from corrections.domain.fragments import whole_wording
from corrections.domain.occurrences import Span, as_words, cuts_word, has_word, is_unspaced
from corrections.domain.text import folded

_TWICE: Final = 2
_REACH: Final = 80  # characters on each side of a quote in which the words next to it are looked for
_ENDINGS: Final = frozenset({"s", "es", "'s", "\u2019s", "d", "ed", "ing", "ly"})
_LAST_LETTERS: Final = re.compile(r"[^\W_]+\Z")
_FIRST_LETTERS: Final = re.compile(r"[^\W_]+")
_APOSTROPHE_LAST: Final = re.compile(r"[^\W\d_]['\u2019]\Z")
_GENITIVE: Final = re.compile(r"(?<=[^\W\d_])['\u2019]s\Z")
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A span of the text, the words that stand there, and how these very words should read ('' if not told)."""

    span: Span
    original: str
    corrected: str


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a number or a sign; ``gap`` is the white space before it."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def key(self) -> str:
        return folded(self.text)

    @property
    def cased(self) -> tuple[str, bool, bool]:
        """The same however quotes and dashes are typed, but not in other capitals."""
        return folded(self.text), self.text[:1].isupper(), self.text[1:] != self.text[1:].lower()

    @property
    def is_word(self) -> bool:
        return has_word(self.text)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Tokens of the quote, from and to, and the tokens that take their place."""

    old: tuple[int, int]
    new: tuple[int, int]


def narrow(text: str, span: Span, quote: str, corrected: str) -> Narrowed:
    """The words that change in the quoted span of the text.

    A word is taken whole. Where one is missing these are the words on both sides, where one stands twice it is both,
    where one is too much it and the one before, for punctuation the word that it hangs on. Without a correction, and
    where it is not clear for which of the words it stands, it is the quoted words.
    """
    span = _twins(text, whole_words(text, _trimmed(text, span)), corrected)
    given, quote = corrected.strip(), quote.strip()
    if not given:
        return _as_quoted(text, span, "")
    wider = _brought_along(text, span, given)
    if wider != span and (found := _changed(text, wider, text[slice(*wider)], given)) is not None:
        return found
    printed = text[slice(*span)]
    known = _Known(text)
    wording = whole_wording(quote, given, known)
    if wording is None:
        quote, wording = printed, whole_wording(printed, given, known)
    if wording is None:
        return _as_quoted(text, span, given)
    found = _changed(text, span, quote, wording) or _as_quoted(text, span, wording)
    return found if _GENITIVE.search(given) else _without_genitive(found)


def narrow_words(original: str, corrected: str) -> tuple[str, str]:
    """What changes between a quote and its correction where no text is at hand; both as given if that is not clear."""
    wording = whole_wording(original.strip(), corrected.strip()) if original.strip() and corrected.strip() else None
    found = _changed(original, (0, len(original)), original, wording) if wording is not None else None
    return (original, corrected) if found is None else (found.original, found.corrected)


def whole_words(text: str, span: Span) -> Span:
    """The span with words that it cuts taken whole."""
    start, end = span
    while cuts_word(text, start):
        start -= 1
    while cuts_word(text, end):
        end += 1
    return start, end


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end - 1 and text[start].isspace():
        start += 1
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _as_quoted(text: str, span: Span, corrected: str) -> Narrowed:
    return Narrowed(span, text[slice(*span)], corrected)


def _twins(text: str, span: Span, corrected: str) -> Span:
    """Both, if a marked word stands twice in a row and nothing else is to change."""
    quote = text[slice(*span)]
    if " " in quote or not has_word(quote) or folded(corrected) not in {"", folded(quote)}:
        return span
    size = span[1] - span[0] + 1
    for start, end in ((span[0], span[1] + size), (span[0] - size, span[1])):
        halves = text[max(start, 0) : end].split(" ")
        twice = len(halves) == _TWICE and folded(halves[0]) == folded(halves[1]) == folded(quote)
        if twice and not cuts_word(text, start) and not cuts_word(text, end):
            return start, end
    return span


class _Known:
    """Whether a word stands more than once in the text."""

    def __init__(self, text: str) -> None:
        self._text, self._folded = text, ""

    def __call__(self, word: str) -> bool:
        self._folded = self._folded or self._text.casefold()
        return len(as_words(word.casefold(), self._folded, 2)) > 1


def read_to_the_end(anchor: Anchor, corrected: str) -> tuple[Anchor, str]:
    """Marked words with the letters of the first and last word that the mark left out; the correction likewise."""
    exact, prefix, suffix = anchor.exact, anchor.prefix, anchor.suffix
    before = after = ""
    if exact and _in_word(exact[0]) and (cut := _LAST_LETTERS.search(prefix)):
        before = cut.group()
    if exact and (_in_word(exact[-1]) or _APOSTROPHE_LAST.search(exact)) and (cut := _FIRST_LETTERS.match(suffix)):
        after = cut.group()
    if not before and not after:
        return anchor, corrected
    whole = Anchor(
        exact=before + exact + after, prefix=prefix[: len(prefix) - len(before)], suffix=suffix[len(after) :]
    )
    return whole, _with_rest(before, exact, after, corrected.strip())


def _in_word(character: str) -> bool:
    return character.isalnum() and not is_unspaced(character)


def _with_rest(before: str, marked: str, after: str, given: str) -> str:
    """The correction with the ending that was not marked, if it is for the marked letters only."""
    nearer = OSA.distance(marked, given) < OSA.distance(before + marked + after, given)
    one_to_one = len(marked.split()) == len(given.split())
    if not given or not nearer or not one_to_one or marked == given or after not in _ENDINGS:
        return given
    return before + given + after


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    found: list[_Token] = []
    gap = ""
    for match in TOKEN.finditer(text, start, end):
        if match.group().isspace():
            gap += match.group()
        else:
            found.append(_Token(match.group(), match.start(), match.end(), gap))
            gap = ""
    return found


def _window(text: str, span: Span, reach: int = _REACH) -> Span:
    """The span with some words on each side, within its paragraph."""
    start, end = span
    first, last = max(0, start - reach), min(len(text), end + reach)
    breaks = [match.end() for match in _BLANK_LINE.finditer(text, first, start)]
    first = breaks[-1] if breaks else first
    after = _BLANK_LINE.search(text, end, last)
    return whole_words(text, (first, after.start() if after else last))


def _brought_along(text: str, span: Span, given: str) -> Span:
    """The span with the words around it that the correction repeats."""
    inner = len(_tokens(text, *span))
    new = [token.key for token in _tokens(given, 0, len(given))]
    if len(new) <= inner:
        return span
    first, last = _window(text, span, _REACH + len(given))
    before, after = _tokens(text, first, span[0]), _tokens(text, span[1], last)
    room = len(new) - 1
    head = _longest(lambda size: [token.key for token in before[-size:]] == new[:size], min(room, len(before)))
    room = min(room - head, len(after))
    tail = _longest(lambda size: [token.key for token in after[:size]] == new[-size:], room)
    # A single small word in front may as well be the one that is missing.
    if head + tail <= 1 and len(new) - head - tail != inner:
        return span
    return before[-head].start if head else span[0], after[tail - 1].end if tail else span[1]


def _longest(holds: Callable[[int], bool], most: int) -> int:
    return next((size for size in range(most, 0, -1) if holds(size)), 0)


def _changed(text: str, span: Span, quote: str, wording: str) -> Narrowed | None:
    """What changes in the span when the quote is to read like the wording; None if nothing does."""
    old, new = _tokens(quote, 0, len(quote)), _tokens(wording, 0, len(wording))
    hunks = _hunks(old, new)
    if not hunks or not old:
        return None
    return _Laid(text, span, old, new, hunks).narrowed()


def _hunks(old: Sequence[_Token], new: Sequence[_Token]) -> list[_Hunk]:
    found = _differences(old, new, [token.cased for token in old], [token.cased for token in new])
    if not found:
        return _differences(old, new, [token.text for token in old], [token.text for token in new])
    # Who types a few words by hand often begins with a small letter.
    telling = [hunk for hunk in found if hunk.old != (0, 1) or hunk.new != (0, 1) or old[0].key != new[0].key]
    return telling or found


def _differences(
    old: Sequence[_Token], new: Sequence[_Token], keys: Sequence[object], others: Sequence[object]
) -> list[_Hunk]:
    found: list[_Hunk] = []
    for kept, (a, b), (c, d) in _aligned(keys, others):
        if not kept:
            found.append(_Hunk((a, b), (c, d)))
            continue
        # Words that stay, with or without a blank between them.
        spaced = (i for i in range(1, b - a) if bool(old[a + i].gap) != bool(new[c + i].gap))
        found.extend(_Hunk((a + i - 1, a + i + 1), (c + i - 1, c + i + 1)) for i in spaced)
    return found


def _aligned(old: Sequence[object], new: Sequence[object]) -> Iterator[tuple[bool, Span, Span]]:
    """(whether it stayed, where in the old, where in the new); the common start and end are taken off first."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    if head:
        yield True, (0, head), (0, head)
    numbers = dict(zip(dict.fromkeys([*old, *new]), count(), strict=False))
    middle = Levenshtein.opcodes(
        [numbers[key] for key in old[head : len(old) - tail]], [numbers[key] for key in new[head : len(new) - tail]]
    )
    changed: tuple[Span, Span] | None = None
    for step in middle:
        a, b = (step.src_start + head, step.src_end + head), (step.dest_start + head, step.dest_end + head)
        if step.tag != "equal":
            changed = (a, b) if changed is None else ((changed[0][0], a[1]), (changed[1][0], b[1]))
            continue
        if changed:
            yield False, *changed
            changed = None
        yield True, a, b
    if changed:
        yield False, *changed
    if tail:
        yield True, (len(old) - tail, len(old)), (len(new) - tail, len(new))


def _without_genitive(found: Narrowed) -> Narrowed:
    """The stem alone, if the ending stays and the reader did not write it: "Labour" for "Labor's"."""
    was, now = _GENITIVE.search(found.original), _GENITIVE.search(found.corrected)
    if not was or not now or was.start() == 0 or found.original[: was.start()] == found.corrected[: now.start()]:
        return found
    span = found.span[0], found.span[0] + was.start()
    return Narrowed(span, found.original[: was.start()], found.corrected[: now.start()])


class _Laid:
    """A change laid on the words of the text: tokens ``first`` to ``last`` of it, and what is to stand there."""

    def __init__(
        self, text: str, span: Span, old: Sequence[_Token], new: Sequence[_Token], hunks: Sequence[_Hunk]
    ) -> None:
        self.text, self.new, self.hunks = text, new, hunks
        first, last = _window(text, span)
        # A span that ends before the ending of a genitive parts it from its word.
        self.there = [*_tokens(text, first, span[0]), *_tokens(text, *span), *_tokens(text, span[1], last)]
        self.place = self._places(span, old)
        self.kept = self._kept(old)
        edges = [self._edges(hunk) for hunk in hunks]
        self.first, self.last = min(first for first, _ in edges), max(last for _, last in edges)
        self.pieces = list(self._pieces(hunks[0].new[0], hunks[-1].new[1]))

    def _places(self, span: Span, old: Sequence[_Token]) -> list[Span]:
        """For each token of the quote, from and to which token of the text it stands."""
        inside = [i for i, token in enumerate(self.there) if token.start < span[1] and token.end > span[0]]
        found: list[Span] = []
        printed = [self.there[i].key for i in inside]
        for _, (a, b), (c, d) in _aligned([token.key for token in old], printed):
            one_to_one = b - a == d - c
            found.extend((c + i, c + i + 1) if one_to_one else (c, d) for i in range(b - a))
        offset = inside[0] if inside else 0
        return [(first + offset, last + offset) for first, last in found]

    def _kept(self, old: Sequence[_Token]) -> dict[int, int]:
        """Which tokens of the new wording stay, and which of the text they are."""
        found: dict[int, int] = {}
        for kept, (a, b), (c, _) in _aligned([token.key for token in old], [token.key for token in self.new]):
            for i in range(b - a if kept else 0):
                first, last = self.place[a + i]
                if last - first == 1:
                    found[c + i] = first
        changed = {i for hunk in self.hunks if self._replaces(hunk, old) for i in range(*hunk.new)}
        return {new: there for new, there in found.items() if new not in changed}

    def _replaces(self, hunk: _Hunk, old: Sequence[_Token]) -> bool:
        """Whether other words come, and not only another blank between them."""
        return [token.text for token in old[slice(*hunk.old)]] != [token.text for token in self.new[slice(*hunk.new)]]

    def _edges(self, hunk: _Hunk) -> Span:
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

    def narrowed(self) -> Narrowed:
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
        span = self.there[self.first].start, self.there[self.last - 1].end
        words = "".join(gap + text for gap, text in self.pieces)
        words = words[len(self.pieces[0][0]) :] if self.pieces else ""
        return Narrowed(span, self.text[slice(*span)], words)

    def _between(self) -> None:
        """Something is missing: the words on both sides, or the one that a sign hangs on."""
        if not any(has_word(text) for _, text in self.pieces):
            after = self.hunks[-1].new[1]
            if not self.pieces[0][0] and after < len(self.new) and not self.new[after].gap:
                self._to_word_right()  # a sign that joins two words
            self._hang(self.pieces[0][0])
            return
        left = self.first > 0 and self.there[self.first - 1].is_word
        right = self.last < len(self.there) and self.there[self.last].is_word
        if right:
            self._take_right()
        if left or not right:
            self._take_left() or right or self._take_right()

    def _without(self) -> None:
        """Something is too much: with its twin, else with the word before it."""
        size = self.last - self.first
        keys = [token.key for token in self.there]
        gone = keys[self.first : self.last]
        if self.first >= size and keys[self.first - size : self.first] == gone:
            self._take_left(size)
        elif keys[self.last : self.last + size] == gone:
            self._take_right(size)
        elif not any(token.is_word for token in self.there[self.first : self.last]):
            self._hang(self.there[self.first].gap)
        elif self.first and self.there[self.first - 1].is_word:
            self._take_left()
        else:
            self._take_right() or self._take_left()

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
            gap = bool(self.new[begins].gap) if begins else bool(self.there[self.first : self.first + 1])
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
