"""Hints of place in a report: which paragraph, the headline, a caption, the beginning or the end."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from corrections.domain.prose import places
from corrections.domain.prose.patterns import any_of, spaced, words
from corrections.domain.sayings import Hint, Region

_MOST: Final = 4
_MANY: Final = 40
_NEAR: Final = 45  # characters on either side of the word "paragraph" that may count it

_PARAGRAPH: Final = re.compile(rf"(?<![^\W\d_])(?:{any_of(places.PARAGRAPH)})(?![^\W\d_])")
_REGIONS: Final = [(region, re.compile(words(any_of(table)))) for region, table in places.REGIONS.items()]
_FROM_END: Final = re.compile(rf"\s*(?:{spaced(any_of(places.UP))})")
_DOWN: Final = re.compile(rf"\s*(?:{spaced(any_of(places.DOWN))})")
_DIGITS_BEFORE: Final = re.compile(rf"(?<![\w.,%])第?(\d{{1,3}}){places.AFTER_DIGIT}\s*{spaced(places.BETWEEN)}\Z")
_DIGITS_BEHIND: Final = re.compile(r"\s*(?:#|no\.?|nr\.?|n[°º]|number|nummer|№)?\s*(\d{1,3})(?![\w%]|[.,]\d)")
_LEAD_IN: Final = re.compile(
    r"(?:(?:look|see|also|about|around|roughly|circa|ca\.|in|at|on|the|of|your|im|am|ab|den|dem|der|dans|le|la|au|en|el|"
    r"al|nel|del|in|het|de|no|na|do|da|в|во)\s+){0,5}\Z"
)


def _numbered(table: Mapping[str, str], end: str) -> list[tuple[re.Pattern[str], int]]:
    """One expression a number, which reads it in all languages."""
    rows = [row.split() for row in table.values()]
    return [
        (re.compile(end.format("|".join(row[place] for row in rows if place < len(row)))), place + 1)
        for place in range(max(map(len, rows)))
    ]


_BEFORE: Final = [
    *((re.compile(rf"{words(any_of(table))}\s*\Z"), number) for table, number in (
        (places.THIRD_LAST, -3), (places.SECOND_LAST, -2), (places.LAST, -1), (places.FIRST, 1),
    )),
    *_numbered(places.ORDINALS, rf"(?<![^\W_])(?:{{}})\s+{spaced(places.BETWEEN)}\Z".replace("{1,", "{{1,")),
]  # fmt: skip
_BEHIND: Final = [
    (re.compile(rf"\s+{words(any_of(places.SECOND_LAST))}"), -2),
    (re.compile(rf"\s+{words(any_of(places.LAST))}(?!\s+[^\W\d_])"), -1),
    *_numbered(places.NUMBERS, r"\s+(?:{})(?![^\W_])"),
    *_numbered({key: row for key, row in places.ORDINALS.items() if key != "en"}, r"\s+(?:{})(?![^\W_])"),
]
_COUNTED_BEFORE: Final = _numbered(places.NUMBERS, r"(?<![^\W_])(?:{})\s+\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """A place that was named, and where in the report: with the words that lead up to it."""

    start: int
    end: int
    hint: Hint


def named_places(covered: str) -> list[Named]:
    """The places named in a text in lower case with its quotations covered, in their order."""
    found = [
        named
        for match in islice(_PARAGRAPH.finditer(covered), _MANY)
        if (named := _paragraph(covered, match)) is not None
    ]
    found += [
        Named(_led_in(covered, match.start()), match.end(), Hint(region=region))
        for region, expression in _REGIONS
        for match in islice(expression.finditer(covered), _MANY)
        if not any(other.start < match.end() and match.start() < other.end for other in found)
    ]
    return sorted(found, key=lambda named: named.start)[: 4 * _MOST]


def hints_in(covered: str) -> tuple[Hint, ...]:
    """The hints themselves, each once; a paragraph's number first, for it says most."""
    hints = dict.fromkeys(named.hint for named in named_places(covered))
    return tuple(sorted(hints, key=lambda hint: hint.region is not Region.PARAGRAPH))[:_MOST]


def _paragraph(covered: str, match: re.Match[str]) -> Named | None:
    before, behind = covered[max(0, match.start() - _NEAR) : match.start()], covered[match.end() : match.end() + _NEAR]
    for start, end, number in _counts(before, behind):
        if not number:
            continue
        first = match.start() - len(before) + start
        from_end = _FROM_END.match(behind, end)
        last = match.end() + (from_end.end() if from_end else end)
        hint = Hint(region=Region.PARAGRAPH, number=-abs(number) if from_end else number)
        return Named(_led_in(covered, first), last, hint)
    return None


def _counts(before: str, behind: str) -> Iterator[tuple[int, int, int]]:
    """(start in ``before``, end in ``behind``, number), likeliest first."""
    for expression, number in _BEFORE:
        if found := expression.search(before):
            yield found.start(), 0, number
    if found := _DIGITS_BEFORE.search(before):
        down = _DOWN.match(behind)
        yield found.start(), down.end() if down else 0, int(found.group(1))
    if found := _DIGITS_BEHIND.match(behind):
        yield len(before), found.end(), int(found.group(1))
    for expression, number in _BEHIND:
        if found := expression.match(behind):
            yield len(before), found.end(), number
    if (down := _DOWN.match(behind) or _FROM_END.match(behind)) is not None:
        for expression, number in _COUNTED_BEFORE:
            if found := expression.search(before):
                yield found.start(), down.end(), number


def _led_in(covered: str, start: int) -> int:
    head = covered[max(0, start - _NEAR) : start]
    found = _LEAD_IN.search(head)
    return start - (len(head) - found.start()) if found else start
