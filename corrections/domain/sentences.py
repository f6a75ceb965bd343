"""Where the sentence and the paragraph round a place begin and end."""

import re
from collections.abc import Iterator
from typing import Final

REACH: Final = 400  # characters shown on each side at most, however long the sentence is

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CLOSING = "\"'\u2019\u201d\u201c\u00bb\u203a)\\]}\u300d\u300f\uff09"
_WITHOUT_BLANK = "\u3002\uff01\uff1f\uff0e\uff61"
# A full stop of any script with what closes after it. Some scripts put no blank after theirs.
_STOP = re.compile(
    rf"[.!?\u2026\u203d\u061f\u06d4\u0589\u0964\u0965\u1362\u1367\u17d4\u104b]+[{_CLOSING}]*(?=\s)"
    rf"|[{_WITHOUT_BLANK}]+[{_CLOSING}]*"
)
_LAST_WORD = re.compile(r"[^\s(\[\"'\u2018\u201c\u201e\u00ab]+\Z")
_NEXT = re.compile(r"\s*[\"'\u2018\u201c\u201e\u00ab\u2039(\[\u00bf\u00a1]*(\w+)")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# English, then German, French, Spanish, Portuguese, Italian and Dutch: a name or a number follows.
_NEVER_LAST = _words(
    """mr mrs ms dr prof st rev hon gen col lt sgt capt cmdr adm maj gov sen rep pres messrs mt ft vs no nos vol vols
    fig figs pp p art sec ch cf al approx dept univ bros jan feb mar apr jun jul aug sept sep oct nov dec e.g i.e viz
    hr fr nr abs bzw ca evtl ggf str z.b d.h u.a bspw m mm mme mlle mgr sr sra srta dra dn ud uds sto sta exmo sig
    sigg dott ing avv mevr dhr bijv drs"""
)
_MAY_BE_LAST = _words("inc ltd co corp jr sr esq etc usw resp est bc ad ph.d m.a b.a")
_STARTERS = _words(
    """the a an in it he she they we i you but and this that these those there when while after as if at on for his her
    their its our not no so what who why how now then however one some many most both all another according with from
    by to der die das ein eine er sie es wir und aber le la les un une il elle ils nous et mais el los las una en y pero
    o os as um uma ele ela e mas lo gli uno de het een hij zij ze wij"""
)
_ORDINAL = re.compile(r"\d{1,2}")
_DOTTED = re.compile(r"(?:\w\.)+\w")


def paragraph_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the paragraph (paragraphs, where several are touched) round a place; an empty line divides them."""
    start, end = _inside(text, start, end)
    first = 0
    line_end = text.rfind("\n", 0, start)
    while line_end > 0:
        previous = text.rfind("\n", 0, line_end)
        if previous >= 0 and not text[previous + 1 : line_end].strip():
            first = line_end + 1
            break
        line_end = previous
    after = _BLANK_LINE.search(text, end)
    last = after.start() if after else len(text)
    return _trimmed(text, first, last, start, end)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence (sentences, where several are touched) round a place, within its paragraph.

    Never more than ``REACH`` characters before the place or after it; then it is cut between words.
    """
    start, end = _inside(text, start, end)
    paragraph_start, paragraph_end = paragraph_around(text, start, end)
    first, last = max(paragraph_start, start - REACH), min(paragraph_end, end + REACH)
    if first > paragraph_start:
        first = _after_blank(text, first, start)
    if last < paragraph_end:
        last = max(end, text.rfind(" ", end, last))
    for stop in _sentence_ends(text, first, last):
        if stop <= start:
            first = stop
        elif stop >= end:
            last = stop
            break
    return _trimmed(text, first, last, start, end)


def _sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    for stop in _STOP.finditer(text, start, end):
        if not _goes_on(text, start, stop, end):
            yield stop.end()


def _goes_on(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Whether the sentence goes on after this full stop."""
    following = _NEXT.match(text, stop.end(), end)
    if following is None or stop.group()[0] in _WITHOUT_BLANK:
        return False
    word = following.group(1)
    if word[0].islower() or stop.group() != ".":
        return word[0].islower()
    before = _LAST_WORD.search(text, max(start, stop.start() - 40), stop.start())
    last = before.group().casefold() if before else ""
    if last in _NEVER_LAST:
        return True
    initial = len(last) == 1 and last.isalpha() and last != "i"
    # "3. Oktober", "1. FC": an ordinal, but a sentence may well end in a year or a longer number.
    ordinal = _ORDINAL.fullmatch(last) is not None and start < stop.start() - len(last)
    shortened = initial or ordinal or last in _MAY_BE_LAST or _DOTTED.fullmatch(last) is not None
    return shortened and word.casefold() not in _STARTERS


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    start = min(max(start, 0), len(text))
    return start, min(max(end, start), len(text))


def _after_blank(text: str, at: int, before: int) -> int:
    blank = text.find(" ", at, before)
    return at if blank < 0 else blank + 1


def _trimmed(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Without white space at the edges, but never less than the place itself."""
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last
