"""What stands before and behind a phrase: the quotation there, or the bare words that may be meant."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from corrections.domain.prose import faults, languages
from corrections.domain.prose.hints import Named
from corrections.domain.prose.patterns import any_of, spaced, words
from corrections.domain.prose.quotes import FRONT, Quotation

_JOINTS: Final = " \t\n,:;(-–—…，、：；（"
_LONGEST: Final = 400  # characters of bare words that may be one wording
_LONGEST_TRAIL: Final = 60
_SHORT: Final = 12
_LAST_WORDS: Final = 3
_NO_END: Final = "".join(rf"(?!(?<=\b[^\W\d_]{{{size}}})\.\s\d)" for size in (1, 2, 3, 4))  # "p. 3", "chap. 3"
_ENDS_BEFORE: Final = re.compile(rf"{_NO_END}[.!?…]+[)\]]*\s+|\n|[:;：；]\s*|\s[-–—]\s|[，。]")
_ENDS_BEHIND: Final = re.compile(
    rf"{_NO_END}[.!?…]+(?=\s|\Z)|,\s|[;；，。]\s*|\s[-–—]+\s|\s\(|\s+(?:and|according to)\s"
)
_LEAD: Final = re.compile(
    rf"\A(?:{words(any_of(languages.LEADS, faults.WRONG_AHEAD, faults.FAULTS))}[\s,:;]*"
    r"|[\s,:;.)\]•–—-]+|\(?\d{1,2}[.)]\s+|[-*+•]\s+)"
)
_TRAIL: Final = re.compile(rf"[\s,;–—-]+(?:{spaced(any_of(languages.TRAILING))})[\s.!?]*\Z")
_ONLY_TRAIL: Final = re.compile(rf"(?:{spaced(any_of(languages.TRAILING))})[\s.!?]*\Z")
_SMALL: Final = re.compile(
    r"(?:\s*(?:the|a|an|word|ein|eine|das|der|die|wort|le|la|un|une|mot|el|palabra|il|lo|parola|het|een|woord|o|um|uma|"
    r"palavra|слово|simply|just|probably|really|rather|as|is|like|spelled|spelt|written|called)(?=[\s:"
    + FRONT
    + r"])|[\s:,])*"
)
_GAP: Final = re.compile(
    rf"(?:\([^()\n]{{0,80}}\)|[\s,;:.\[\]…–—-]|{words(any_of(faults.WRONG_BEHIND))}|"
    + words(
        "it|this|that|which|they|there|word|the|in|of|please|at|on|and|so|das|es|dies|cela|ça|il|esto|eso|questo|dit|"
        "het|isto|isso|это|und|et|y|e|en|и|waar|wo|où|dove|donde|onde|where|bitte|por favor|s'il vous plaît|but"
    )
    + r")*\Z"
)
_BUT: Final = re.compile(r"[\s,]+(?:but|aber|mais|pero|ma|maar|mas|но|and|please)\s*\Z")
_WORD: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Operand:
    """A wording, in as many ways as it may be meant (likeliest first), and where it begins and ends in the report."""

    ways: tuple[str, ...]
    start: int
    end: int
    quoted: bool


class Operands:
    """Reads wordings out of one piece of a report."""

    def __init__(self, text: str, covered: str, spans: Sequence[Quotation], places: Sequence[Named]) -> None:
        self.text, self.covered, self.spans, self.places = text, covered, spans, places
        self._behind: dict[int, Operand | None] = {}

    def before(self, at: int, *, bare_first: bool = False) -> Operand | None:
        """The wording that ends before ``at``: the quotation next to it, else bare words, else an earlier quotation."""
        edge = len(self.covered[:at].rstrip(_JOINTS))
        if (but := _BUT.search(self.covered[max(0, edge - _SHORT) : edge])) and not self._is_twice(edge):
            edge = len(self.covered[: edge - len(but.group())].rstrip(_JOINTS))
        near = next((span for span in self.spans if edge in {span.end, span.longer}), None)
        if near is not None:
            return self._of(near, edge)
        earlier = next((span for span in reversed(self.spans) if span.end <= edge), None)
        if earlier is not None and earlier.end < earlier.longer <= edge and self._is_gap(earlier.longer, edge):
            return self._of(earlier, earlier.longer)
        bare = self._bare_before(earlier.end if earlier else 0, edge)
        if earlier is not None and (bare is None or (not bare_first and self._is_gap(earlier.end, edge))):
            return self._of(earlier)
        return bare

    def behind(self, at: int) -> Operand | None:
        """The wording that begins behind ``at``."""
        if at not in self._behind:
            self._behind[at] = self._read_behind(at)
        return self._behind[at]

    def _read_behind(self, at: int) -> Operand | None:
        small = _SMALL.match(self.covered, at)
        first = small.end() if small else at
        near = next((span for span in self.spans if span.start in {first, first + 1, first + 2}), None)
        if near is not None and not self.covered[first : near.start].strip(' ("'):
            return self._of(near)
        return self._bare_behind(at)

    def _is_twice(self, edge: int) -> bool:
        """Whether the word before the edge stands there twice, and so is no mere joint of a sentence."""
        last = self.covered[max(0, edge - 2 * _SHORT) : edge].split()[-2:]
        return len(last) > 1 and last[0] == last[1]

    def _of(self, span: Quotation, edge: int | None = None) -> Operand:
        ways = [span.text]
        if span.other:
            ways.insert(0 if edge == span.longer else 1, span.other)
        return Operand(tuple(dict.fromkeys(ways)), span.start, edge or span.end, quoted=True)

    def _is_gap(self, start: int, end: int) -> bool:
        gap = self.covered[start:end]
        if len(gap) > _LONGEST:
            return False
        for named in reversed(self.places):
            if start <= named.start and named.end <= end:
                gap = gap[: named.start - start] + " " + gap[named.end - start :]
        return _GAP.match(gap) is not None

    def _bare_before(self, floor: int, end: int) -> Operand | None:
        floor = max(floor, end - _LONGEST)
        line = max(floor, self.covered.rfind("\n", floor, end) + 1)
        starts = [line, *(cut.end() for cut in _ENDS_BEFORE.finditer(self.covered, line, end) if cut.end() < end)]
        ways: list[str] = []
        begin = end
        for start in reversed(starts[-3:]):
            inner = self.led_in(start, end)
            if inner < end:
                ways.append(self.text[inner:end].strip(" \t,;:"))
                begin = min(begin, inner)
        if ways:
            ways.insert(1, self.text[line:end].strip(" \t,;:"))
            found = list(_WORD.finditer(ways[0]))
            ways += [ways[0][word.start() :] for word in found[-_LAST_WORDS:][::-1]]
        ways = [way for way in dict.fromkeys(ways) if way]
        return Operand(tuple(ways), begin, end, quoted=False) if ways else None

    def _bare_behind(self, at: int) -> Operand | None:
        start = at + len(self.covered[at:]) - len(self.covered[at:].lstrip(" \t:,\n"))
        stop = self.covered.find("\n", start)
        end = min(len(self.text) if stop < 0 else stop, start + _LONGEST)
        ways: list[str] = []
        for cut in _ENDS_BEHIND.finditer(self.covered, start, end):
            if cut.start() > start:
                ways.append(self.text[start : cut.start()])
            if len(ways) == _LAST_WORDS:
                break
        whole = self.text[start:end]
        ways += [whole.rstrip(" \t.,;!?"), whole.strip()]
        small = _SMALL.match(self.covered, start)
        if small and small.end() < end:
            ways.append(self.text[small.end() : end].rstrip(" \t.,;!?"))
        ways = [trimmed for way in ways if (trimmed := without_trail(way.strip().strip('"“”„«»')))]
        ways = list(dict.fromkeys(ways))
        first = start + len(ways[0]) if ways else start
        return Operand(tuple(ways), start, first, quoted=False) if ways else None

    def led_in(self, start: int, end: int) -> int:
        """Where the words begin that are meant, behind "I think the word" and "in the third paragraph"."""
        for _ in range(8):
            named = next((n for n in self.places if n.start <= start < n.end <= end), None)
            if named is not None:
                start = named.end
                continue
            lead = _LEAD.match(self.covered[start:end])
            if lead is None or not lead.end() or not self.covered[start + lead.end() : end].strip(_JOINTS):
                break
            start += lead.end()
        while start < end and self.covered[start] in " \t\n,:;":
            start += 1
        return start


def is_trail(words_given: str) -> bool:
    """Whether there is nothing but a verb or a courtesy."""
    return _ONLY_TRAIL.match(words_given.lower()) is not None


def without_trail(words_given: str) -> str:
    """The wording without courtesies and verbs at its end, such as "please"."""
    head = max(0, len(words_given) - _LONGEST_TRAIL)
    trail = _TRAIL.search(words_given[head:].lower())
    return words_given[: head + trail.start()].rstrip(" ,;.") if trail else words_given.rstrip(" ,;")
