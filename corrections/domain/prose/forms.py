"""Reports written like a form: "Original text: ...", "Correct: ..."."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from corrections.domain.prose import courtesies
from corrections.domain.prose.changes import Proposal
from corrections.domain.prose.operands import Operands, without_trail
from corrections.domain.prose.patterns import any_of, spaced
from corrections.domain.prose.quotes import lowered
from corrections.domain.prose.report import Piece
from corrections.domain.sayings import Change

_MOST: Final = 300  # lines that are looked at
_KINDS: Final = {
    "original": courtesies.ORIGINAL_LABELS,
    "corrected": courtesies.CORRECTED_LABELS,
    "place": courtesies.PLACE_LABELS,
    "note": courtesies.NOTE_LABELS,
}
_LABELS: Final = {
    kind: re.compile(
        rf"[\W\d]{{0,12}}(?:{spaced(any_of(table))})(?:\s*\([^)\n]{{0,40}}\))?\s*(?:[:：]|=(?!>))\**\s*(?P<value>[^\n]*)"
    )
    for kind, table in _KINDS.items()
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report: what its label says it is ('' without one), its value, and where it stands."""

    kind: str
    value: str
    start: int
    end: int


@lru_cache(maxsize=4)
def lines_of(text: str) -> tuple[Line, ...]:
    """The lines that hold anything, each with its label's kind; an empty value is taken from the line below."""
    found: list[Line] = []
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if not line.strip():
            continue
        if found and found[-1].kind and not found[-1].value:
            found[-1] = Line(found[-1].kind, line.strip(), found[-1].start, start + len(line))
            continue
        kind, value = _labelled(line)
        found.append(Line(kind, value, start, start + len(line)))
        if len(found) == _MOST:
            break
    return tuple(found)


def _labelled(line: str) -> tuple[str, str]:
    low = lowered(line)
    for kind, expression in _LABELS.items():
        if found := expression.match(low):
            return kind, line[found.start("value") :].strip()
    return "", line.strip()


def filled_in(piece: Piece) -> Iterator[Proposal]:
    """The pairs of wordings that labelled lines tell."""
    before: Line | None = None
    for line in lines_of(piece.text):
        if line.kind == "corrected" and line.value:
            yield from _pair(piece, before, line)
        elif line.kind in {"original", ""} and not (before and before.kind == "original" and line.kind == ""):
            before = line


def originals(piece: Piece) -> Iterator[Change]:
    """Wordings labelled as wrong, without a correction."""
    for line in lines_of(piece.text):
        if line.kind == "original" and line.value:
            yield Change(original=_whole(line.value))


def _pair(piece: Piece, before: Line | None, line: Line) -> Iterator[Proposal]:
    right = _whole(line.value)
    if before is None:
        return
    wrong = [_whole(before.value)]
    if before.kind == "":
        spans = [span for span in piece.spans if before.start <= span.start and span.end <= before.end]
        start = Operands(piece.text, piece.covered, piece.spans, piece.places).led_in(before.start, before.end)
        wrong = [*(span.text for span in spans[-1:]), piece.text[start : before.end].strip()]
    ways = [Change(original=one, corrected=other) for one in wrong for other in _trimmed(right) if one and one != other]
    if ways:
        yield Proposal(tuple(ways[:4]), before.start, line.end, 0 if before.kind else 1, firm=True)


def _trimmed(right: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (without_trail(right), without_trail(right.rstrip(".!?;,"))))))


def _whole(value: str) -> str:
    """The value without quotation marks, where they stand around all of it."""
    piece = Piece(value)
    whole = next((span for span in piece.spans if span.end - span.start >= len(value.rstrip(".,;!?")) - 1), None)
    return whole.text if whole else value
