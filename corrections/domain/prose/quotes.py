"""Where words are quoted in a text, in the quotation marks of every language, and the text with them covered."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# A covered text has these in the place of a quotation: its mark in front, what it holds, its mark behind.
FRONT: Final = "\ue001"
HELD: Final = "\ue000"
BACK: Final = "\ue002"

_MARK: Final = re.compile(r"\n[ \t]*\n|``|''|\*{1,3}|_{1,3}|[\"“”„‟«»‹›'‘’‚‛`´「」『』《》〈〉＂]")
_CLOSERS: Final = {
    '"': '"”“', "“": '”“"', "„": '“”"‟', "‟": '”"', "”": '”"“', "＂": "＂", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "'": "'’", "‘": "’'", "‚": "‘’'", "‛": "’'", "’": "’'", "`": "`'´", "´": "´'`", "``": "''\"”``", "''": "''",
    "「": "」", "『": "』", "《": "》", "〈": "〉",
    "*": "*", "**": "**", "***": "***", "_": "_", "__": "__", "___": "___",
}  # fmt: skip
_ALWAYS_OPEN: Final = frozenset("「『《〈")
_ALWAYS_CLOSE: Final = frozenset("」』》〉")
_PLAIN_OPENERS: Final = frozenset("„“«")
_SPACED: Final = frozenset("«»‹›")
_BEFORE_OPENING: Final = frozenset("([{<-–—/:,;.>=~\"“”„«»'‘‚*_`…|+")
_NOT_AFTER_CLOSING: Final = re.compile(r"\w")
_MOST: Final = 60  # quotations in one text
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words: ``text`` without its marks, from ``start`` to ``end`` with them.

    ``longer`` may be the true end, and ``other`` is the text if it is.
    """

    start: int
    end: int
    text: str
    longer: int = -1
    other: str = ""


def quotations(text: str) -> list[Quotation]:
    """The outermost quotations, in the order of the text; none runs over an empty line."""
    scan = _Scan(text)
    for mark in _MARK.finditer(text):
        scan.see(mark.group(), mark.start(), mark.end())
        if len(scan.closed) > 4 * _MOST:
            break
    scan.rest(len(text))
    return list(_outermost(text, scan.closed, scan.longer))[:_MOST]


def cover(text: str, spans: Sequence[Quotation]) -> str:
    """The text in lower case with quotations covered; every offset stays."""
    low = lowered(text)
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += [low[at : span.start], FRONT, HELD * max(0, span.end - span.start - 2), BACK]
        at = span.end
    return "".join([*parts, low[at:]])


def lowered(text: str) -> str:
    """Lower case, letter for letter."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(one if len(one := letter.lower()) == 1 else letter for letter in text)
    return low.replace("’", "'")


class _Scan:
    """Reads marks one after the other, with those that wait for their other half."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.waiting: list[tuple[str, int, int]] = []
        self.closed: list[tuple[int, int, str]] = []
        self.longer: dict[tuple[int, int], int] = {}

    def see(self, mark: str, start: int, end: int) -> None:
        if mark[0] == "\n":
            self.rest(start)
            return
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        place = self._opener_of(mark)
        opens, closes = self._may_open(mark, before, after), self._may_close(mark, before, after)
        if place is not None and self.waiting[place][2] == start:
            closes = False
        if closes and place is not None and not (opens and after.isalnum() and mark not in _SPACED):
            self._close(place, start, end)
        elif opens:
            if len(self.waiting) < _DEEPEST:
                self.waiting.append((mark, start, end))
        elif closes and self.closed:
            self._reach_further(mark, end)

    def rest(self, at: int) -> None:
        """At an empty line: an opening mark that still waits is closed by the last mark that can have been meant."""
        for place, (mark, first, inner) in enumerate(self.waiting):
            limit = min((other for _, other, _ in self.waiting[place + 1 :]), default=at)
            ends = [end for start, end, _ in self.closed if first < start and end <= limit and self._ends(mark, end)]
            if ends and (mark in _PLAIN_OPENERS or self._alone(first, ends[-1])):
                self.closed.append((first, ends[-1], self.text[inner : ends[-1] - 1]))
        self.waiting.clear()

    def _ends(self, mark: str, end: int) -> bool:
        return self.text[end - 1] in _closers(mark)

    def _alone(self, start: int, end: int) -> bool:
        """Whether the words from a mark that opens and closes fill their line."""
        return self.text[:start].rstrip(" \t")[-1:] in {"", "\n", ":"} and self.text[end:].lstrip(" \t.")[:1] in {
            "",
            "\n",
        }

    def _opener_of(self, mark: str) -> int | None:
        places = range(len(self.waiting) - 1, -1, -1)
        same = next((place for place in places if self.waiting[place][0] == mark), None) if mark == '"' else None
        if same is not None:
            return same
        for place in places:
            if mark in _closers(self.waiting[place][0]):
                return place
        return None

    def _may_open(self, mark: str, before: str, after: str) -> bool:
        if mark in _ALWAYS_OPEN or mark in _ALWAYS_CLOSE or not after:
            return mark in _ALWAYS_OPEN
        if mark in _SPACED:
            return not before or before.isspace() or before in _BEFORE_OPENING or not after.isspace()
        if after.isspace() or not before or before.isspace():
            return not after.isspace()
        if before in _BEFORE_OPENING and (after.isalnum() or before != "."):
            return True
        return mark in {"“", "「"} and not before.isascii() and not any(m[0] == "„" for m in self.waiting)

    def _may_close(self, mark: str, before: str, after: str) -> bool:
        if mark in _ALWAYS_CLOSE:
            return True
        if mark in _ALWAYS_OPEN or not before or (before.isspace() and mark not in _SPACED):
            return False
        if mark in {"'", "’", "_", "*"} or mark in {"`", "´"}:
            return not _NOT_AFTER_CLOSING.match(after)
        return True

    def _close(self, place: int, start: int, end: int) -> None:
        _, first, inner = self.waiting[place]
        del self.waiting[place:]
        if start > inner:
            self.closed.append((first, end, self.text[inner:start]))

    def _reach_further(self, mark: str, end: int) -> None:
        """A closing mark too many: what seemed to be one before was perhaps an apostrophe."""
        first, last, _ = self.closed[-1]
        if "\n\n" in self.text[last:end]:
            return
        if mark in _closers(self.text[first]) and all(start > first for _, start, _ in self.waiting):
            self.longer[first, last] = end
            self.waiting.clear()


def _closers(mark: str) -> str | list[str]:
    found = _CLOSERS.get(mark, "")
    return [found] if mark[0] in "*_" or mark == "''" else ["''", '"', "”", "``"] if mark == "``" else found


def _outermost(
    text: str, closed: Sequence[tuple[int, int, str]], longer: dict[tuple[int, int], int]
) -> Iterator[Quotation]:
    reached = -1
    for start, end, inner in sorted(closed, key=lambda span: (span[0], -span[1])):
        if start < reached or not inner.strip():
            continue
        further = longer.get((start, end))
        if further is not None and (
            not text[end : further - 1].strip(" .,;:!?") or (_goes_on(text, end) and not _goes_on(text, further))
        ):
            # The first closing mark stands inside a sentence, the second one ends it.
            yield Quotation(start, further, _bare(text[start + 1 : further - 1]), end, _bare(inner))
            reached = further
        elif further is not None:
            yield Quotation(start, end, _bare(inner), further, _bare(text[start + 1 : further - 1]))
            reached = end
        else:
            yield Quotation(start, end, _bare(inner))
            reached = end


def _goes_on(text: str, at: int) -> bool:
    return re.match(r"[ \t]*\w", text[at : at + 3]) is not None


def _bare(words: str) -> str:
    """Without marks of emphasis, marks whose other half is missing, and blanks at the edges."""
    text = words.strip().strip("*_").strip() or words.strip()
    if text[1:] and text[0] in _PLAIN_OPENERS | {"‘", "‚"} and not any(mark in text for mark in _CLOSERS[text[0]]):
        text = text[1:].strip()
    return text
