"""What stands in a row of a list, rendered by the macros of all pages once and kept: fifty rows a page add up."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flask import get_template_attribute
from flask_babel import get_locale, get_timezone, gettext
from markupsafe import Markup

from corrections.domain import clock
from corrections.domain.matching import Certainty
from corrections.domain.states import OPEN, RULES, Move
from corrections.domain.text import Piece, word_difference
from corrections.queries.desk import Line
from corrections.web import spelling, wording
from corrections.web.moments import RECENT

LEAD: Final = 60  # characters shown before the first difference
LENGTH: Final = 200  # characters shown of each wording
CONTEXT: Final = 40  # characters shown of the text around
_KEPT: Final = 2048


def pieces_of(was: str, now: str) -> list[Piece]:
    """The change; words without a suggestion are shown as they are, not as struck out."""
    return word_difference(was, now) if now else [Piece(was, "same")]


class Lines:
    """Renders in the language and time zone of the present request, which are asked for once."""

    def __init__(self) -> None:
        self._language = f"{get_locale()} {get_timezone()}"

    def change(self, was: str, now: str, prefix: str = "", suffix: str = "") -> Markup:
        """The change on one line with a little of what stands around it; nothing for no words at all."""
        return _change(was, now, prefix, suffix, self._language)

    def queue(self, lines: Iterable[Line], *, mixed: bool, newest: bool) -> list[Markup]:
        """Lines of the queue; ``mixed``: of several statuses. ``newest``: with the moment of the last report."""
        now = clock.now()
        return [_item(line, mixed, newest, _minutes(line, newest, now), self._language) for line in lines]


def _macro(template: str, name: str, *values: Any) -> Markup:
    return Markup(get_template_attribute(template, name)(*values))  # noqa: S704 - a rendered template, escaped there


@lru_cache(maxsize=_KEPT)
def _change(was: str, now: str, prefix: str, suffix: str, _in: str) -> Markup:
    if not (was or now):
        return Markup()
    start = _start(was, now)
    short_was, short_now = (_cut(text, start) for text in (was, now))
    before = "" if start else _ending(prefix)
    after = "" if len(was) > start + LENGTH else _beginning(suffix)
    return _macro("desk/_change.html", "line", pieces_of(short_was, short_now), before, after)


def _minutes(line: Line, newest: bool, now: datetime) -> float | None:
    """How old it is, as exactly as it is said; None where the date is said."""
    age = now - (line.last_reported_at if newest else line.reported_at)
    return age.total_seconds() // 60 if abs(age) < RECENT else None


@lru_cache(maxsize=_KEPT)
def _item(line: Line, mixed: bool, newest: bool, _age: float | None, language: str) -> Markup:
    change = _change(line.original_text, line.corrected_text, line.prefix, line.suffix, language)
    at = line.last_reported_at if newest else line.reported_at
    can_verify = line.status in RULES[Move.VERIFY].sources
    can_take = line.status in OPEN and not line.assignee
    marks = _marks(line)
    return _macro("desk/_queue_item.html", "item", line, at, mixed, wording, change, can_verify, can_take, marks)


def _marks(line: Line) -> list[tuple[str, str]]:
    """What an editor is told of an open erratum at a glance, each with the kind of its badge."""
    if line.status not in OPEN:
        return []
    marks = []
    if line.article_id is not None and line.certainty is Certainty.LIKELY:
        marks.append(("likely", gettext("Likely")))
    if spelling.are_both_right(line.original_text, line.corrected_text, line.language):
        marks.append(("both-right", gettext("Both spellings are right")))
    return marks


def _start(was: str, now: str) -> int:
    """Where to begin, so that a difference far into long words is seen."""
    same = next((at for at, pair in enumerate(zip(was, now, strict=False)) if len(set(pair)) > 1), 0)
    if same <= LEAD:
        return 0
    blank = was.find(" ", same - LEAD, same)
    return blank + 1 if blank >= 0 else same - LEAD


def _cut(text: str, start: int) -> str:
    cut = text[start : start + LENGTH]
    return ("…" if start and text else "") + cut + ("…" if len(text) > start + LENGTH else "")


def _ending(prefix: str) -> str:
    """The last words before, in their paragraph."""
    words = prefix.rpartition("\n")[2]
    return words if len(words) <= CONTEXT else "…" + words[-CONTEXT:].partition(" ")[2]


def _beginning(suffix: str) -> str:
    words = suffix.partition("\n")[0]
    return words if len(words) <= CONTEXT else words[:CONTEXT].rpartition(" ")[0] + "…"
