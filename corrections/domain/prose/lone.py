"""Wordings that stand alone in a report: quoted or named, perhaps with a correction in brackets behind them."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.prose import faults, languages
from corrections.domain.prose.changes import Proposal
from corrections.domain.prose.operands import without_trail
from corrections.domain.prose.patterns import any_of, becomes, spaced, words
from corrections.domain.prose.quotes import FRONT, Quotation
from corrections.domain.prose.report import Piece
from corrections.domain.sayings import Change

_BRACKETS: Final = re.compile(r"\s*[(\[（]\s*(?P<right>[^()\[\]\n]{1,200}?)\s*[)\]）]")
_DASHED: Final = re.compile(r"\s*(?:[-–—]+|[:：=,])\s*(?P<right>[^\n]{1,200})")
_ALIKE: Final = 60.0  # per cent of likeness that a bracket has with some words of the quotation, if it corrects them
_MOST: Final = 6  # named words that are looked at
_FEW: Final = 4  # words of a correction that is not marked as one
_NAMED: Final = 60  # characters of a word that is named without marks
_AHEAD: Final = re.compile(
    rf"(?:{words(any_of(faults.WRONG_AHEAD))}\s*:?|{words(any_of(faults.FAULTS))}\s*[:=–-])\s+"
    rf"(?P<word>[^\n]{{1,{_NAMED}}}?)[\s.!?]*(?:\n|\Z)"
)
_PART: Final = rf"[^\s{FRONT}]{{1,40}}?"
_PLACED: Final = re.compile(rf"\s*[:：]\s*(?P<word>{_PART}(?: {_PART}){{0,{_FEW - 1}}}?)[\s.!?]*(?:\n|\Z)")
_CHECK: Final = re.compile(rf"{words(any_of(faults.CHECK))}\s+(?P<word>[^\n]{{1,{_NAMED}}}?)[\s.!?]*(?:\n|\Z)")
_BEHIND: Final = re.compile(words(any_of(faults.WRONG_BEHIND)))
_TWICE: Final = re.compile(rf"\s*(?:word|wort|mot|palabra|parola|woord|palavra|слово)?\s*{words(any_of(faults.TWICE))}")
_EXTRA: Final = re.compile(rf"{words(any_of(faults.EXTRA))}\W*\Z")
_REMOVE: Final = re.compile(rf"{words(any_of(faults.REMOVE))}\W*\Z")
_BECOMES: Final = re.compile(rf"(?:{becomes()})[\s:]*")
_NOT: Final = re.compile(rf"(?:{spaced(any_of(languages.NOT))})(?![^\W_])")
_POINTING: Final = re.compile(
    r"(?:it|this|that|which|something|one|there|here|you|they|he|she|the article|the text|das|es|dies|ce|cela|il|esto|"
    r"eso|questo|dit|dat|het|isto|isso|это|in|on|at|of|and|or|to)\Z|(?:in|on|at|of) (?:the|this|your|an?)\b"
)
_WRONG_END: Final = re.compile(rf"\s+(?:{words(any_of(faults.WRONG_BEHIND))}|wrong|falsch)\W*\Z")


def corrected_behind(piece: Piece, span: Quotation) -> str:
    """What is written in brackets or behind a dash after a quotation, if it corrects words in it; else ''."""
    for expression in (_BRACKETS, _DASHED):
        found = expression.match(piece.covered, span.end)
        if found is None:
            continue
        start, end = _said(piece.covered, *found.span("right"))
        right = without_trail(piece.text[start:end].strip(" \t.?!;,\"“”„«»'"))
        limit = _ALIKE if expression is _BRACKETS or len(right.split()) <= _FEW else 101.0
        if (
            right
            and fuzz.partial_ratio(right.casefold(), span.text.casefold()[:2_000]) >= limit
            and not any(named.start < found.end("right") and found.start("right") < named.end for named in piece.places)
        ):
            return right
    return ""


def _said(covered: str, start: int, end: int) -> tuple[int, int]:
    """The words of a correction without the phrase that leads to it, and without "not" and the wrong ones."""
    phrase, negation = _BECOMES.match(covered, start, end), _NOT.search(covered, start + 1, end)
    return phrase.end() if phrase else start, negation.start() if negation else end


def quoted_alone(piece: Piece, span: Quotation) -> Iterator[Change]:
    """How a quotation may be meant that no phrase joins to another wording."""
    texts = [text for text in (span.text, span.other) if text]
    if right := corrected_behind(piece, span):
        yield from (Change(original=text, corrected=right) for text in texts)
    before, behind = piece.covered[max(0, span.start - 60) : span.start], piece.covered[span.end : span.end + 60]
    single = len(span.text.split()) == 1
    if single and (_TWICE.match(behind) or _EXTRA.search(before)):
        yield Change(original=f"{span.text} {span.text}", corrected=span.text)
    yield from (Change(original=text) for text in texts)


def removed(piece: Piece) -> Iterator[Proposal]:
    """A word that is to go from a quotation before it: "...": remove "the"."""
    for place, span in enumerate(piece.spans):
        if place and _REMOVE.search(piece.covered[max(0, span.start - 30) : span.start]):
            whole = piece.spans[place - 1]
            shorter = re.sub(rf"\s*(?<!\w){re.escape(span.text)}(?!\w)", "", whole.text, count=1).strip()
            if shorter != whole.text:
                yield Proposal((Change(original=whole.text, corrected=shorter),), whole.start, span.end, 0, firm=True)


def named_alone(piece: Piece) -> Iterator[Change]:
    """Words without marks that the sentence says are wrong, or asks to check."""
    for named in piece.places[:_MOST]:
        pointed = _PLACED.match(piece.covered, named.end)
        if pointed is not None and (word := _word(piece, pointed)):
            yield Change(original=word)
    for match in islice(_CHECK.finditer(piece.covered), _MOST):
        if word := _WRONG_END.sub("", _word(piece, match)):
            yield from (Change(original=word), Change(corrected=word))
    for match in islice(_AHEAD.finditer(piece.covered), _MOST):
        if word := _WRONG_END.sub("", _word(piece, match)):
            yield Change(original=word)
    for match in islice(_BEHIND.finditer(piece.covered), _MOST):
        operand = piece.operands(frozenset()).before(match.start())
        ways = operand.ways if operand is not None and not operand.quoted else ()
        yield from (Change(original=way) for way in ways[:2] if not _POINTING.match(way.lower()))


def _word(piece: Piece, match: re.Match[str]) -> str:
    """The word of a match, '' if it is quoted, names a place or says nothing."""
    start, end = match.span("word")
    end = min((named.start for named in piece.places if start < named.start), default=end) if piece.places else end
    if FRONT in match["word"] or any(named.start <= start < named.end for named in piece.places):
        return ""
    start = piece.operands(frozenset()).led_in(start, end)
    word = without_trail(piece.text[start:end].strip(" \t\"“”„«»'*_>"))
    return "" if _POINTING.match(word.lower()) else word
