"""A change as a line of a list: cut to where it is, the words round it pale, rendered once and kept."""

from functools import lru_cache
from typing import Final

from flask import get_template_attribute
from flask_babel import get_locale
from markupsafe import Markup

from corrections.domain.text import Piece, word_difference

LEAD: Final = 60  # characters shown before the first difference
LENGTH: Final = 200  # characters shown of each wording
CONTEXT: Final = 40  # characters shown of the text around


def pieces_of(was: str, now: str) -> list[Piece]:
    """The change; words without a suggestion are shown as they are, not as struck out."""
    return word_difference(was, now) if now else [Piece(was, "same")]


def line(was: str, now: str, prefix: str = "", suffix: str = "") -> Markup:
    """The change on one line with a little of what stands around it."""
    return _line(was, now, prefix, suffix, str(get_locale()))


@lru_cache(maxsize=4096)
def _line(was: str, now: str, prefix: str, suffix: str, _locale: str) -> Markup:
    start = _start(was, now)
    short_was, short_now = (_cut(text, start) for text in (was, now))
    show = get_template_attribute("desk/_change.html", "line")
    before = "" if start else _ending(prefix)
    after = "" if len(was) > start + LENGTH else _beginning(suffix)
    return Markup(show(pieces_of(short_was, short_now), before, after))  # noqa: S704 - a rendered template, escaped there


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
