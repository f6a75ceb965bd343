"""What stands in a row of a list, rendered by the macros of all pages once and kept: fifty rows a page add up."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from flask import get_template_attribute
from flask_babel import get_locale, get_timezone, ngettext
from markupsafe import Markup

from corrections.domain import clock
from corrections.domain.anchors import AnchorState
from corrections.domain.states import Severity, Status
from corrections.domain.text import Piece, word_difference
from corrections.web import wording
from corrections.web.moments import RECENT

Marked: TypeAlias = Status | AnchorState | Severity
NAMES: Final[Mapping[type[Marked], Mapping[Any, Any]]] = {
    Status: wording.STATUSES,
    AnchorState: wording.ANCHORS,
    Severity: wording.SEVERITIES,
}
LEAD: Final = 60  # characters shown before the first difference
LENGTH: Final = 200  # characters shown of each wording
CONTEXT: Final = 40  # characters shown of the text around
_KEPT: Final = 4096


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

    def moment(self, at: datetime) -> Markup:
        """The moment as on all pages: “2 hours ago”, then the date."""
        age = clock.now() - at
        minutes = age.total_seconds() // 60 if abs(age) < RECENT else None
        return _moment(at, minutes, self._language)

    def badge(self, member: Marked) -> Markup:
        """A status, an anchor state or a severity."""
        return _badge(member, type(member), self._language)

    def reports(self, count: int) -> str:
        """“3 reports”."""
        return _reports(count, self._language)


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


@lru_cache(maxsize=_KEPT)
def _moment(at: datetime, _minutes: float | None, _in: str) -> Markup:
    return _macro("macros/parts.html", "moment", at)


@lru_cache(maxsize=256)
def _badge(member: Marked, kind: type[Marked], _in: str) -> Markup:
    # The type is part of the key, for members of different enumerations with the same value are equal.
    return _macro("macros/parts.html", "badge", member.value, NAMES[kind][member])


@lru_cache(maxsize=256)
def _reports(count: int, _in: str) -> str:
    return str(ngettext("%(num)d report", "%(num)d reports", count))


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
