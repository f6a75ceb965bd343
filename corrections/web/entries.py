"""One entry of the log as readers get it: the page, both feeds and the linked data all start from the same value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from flask import current_app
from flask_babel import gettext

from corrections import links
from corrections.domain.anchors import AROUND
from corrections.domain.policy import Kind
from corrections.domain.text import Piece, sentence_around, word_difference
from corrections.models import CorrectionState
from corrections.queries.log import Line
from corrections.web.wording import KINDS

EPOCH: Final = date(2026, 1, 1)  # stands in the names of feeds, which must never change


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A published correction in words. ``number`` changes when it is amended, ``first_number`` and ``id`` never do."""

    id: str
    number: int
    first_number: int
    kind: Kind
    kind_name: str
    listed: bool
    current: bool
    withdrawn: bool
    title: str
    slug: str
    article_url: str | None
    section: str | None
    language: str | None
    note: str
    original_text: str
    corrected_text: str
    pieces: Sequence[Piece]
    before: str
    after: str
    published: datetime
    updated: datetime

    @property
    def url(self) -> str:
        """The permanent link."""
        return links.absolute("log.correction", number=self.number)

    @property
    def amended(self) -> bool:
        """Whether it takes the place of an earlier entry."""
        return self.number != self.first_number

    @property
    def headline(self) -> str:
        """The kind and the article, as a feed reader lists it."""
        return str(gettext("%(kind)s: %(article)s", kind=self.kind_name, article=self.title))

    @property
    def summary(self) -> str:
        """What was wrong and what is right, in plain words."""
        values = {"was": self.original_text, "now": self.corrected_text}
        if self.note or self.withdrawn:
            return self.note
        if self.original_text and self.corrected_text:
            return str(gettext("“%(was)s” was changed to “%(now)s”.", **values))
        if self.corrected_text:
            return str(gettext("“%(now)s” was added.", **values))
        return str(gettext("“%(was)s” was taken out.", **values))


def entry_of(line: Line, authority: str) -> Entry:
    """The entry that a row of the log is; ``authority`` is the host name that its id is made from."""
    withdrawn = line.state is CorrectionState.WITHDRAWN
    changed = bool(line.original_text or line.corrected_text) and not withdrawn
    return Entry(
        id=tag(authority, line.first_published_at.date(), f"corrections/{line.first_number}"),
        number=line.number,
        first_number=line.first_number,
        kind=line.kind,
        kind_name=str(gettext("Withdrawn") if withdrawn else KINDS[line.kind]),
        listed=line.listed,
        current=line.current,
        withdrawn=withdrawn,
        title=line.title,
        slug=line.slug,
        article_url=line.url,
        section=line.section,
        language=line.language,
        note=line.note,
        original_text=line.original_text,
        corrected_text=line.corrected_text,
        pieces=word_difference(line.original_text, line.corrected_text) if changed else [],
        before=line.prefix if changed else "",
        after=line.suffix if changed else "",
        published=line.first_published_at,
        updated=line.published_at,
    )


def entries_of(lines: Iterable[Line], authority: str) -> list[Entry]:
    """The entries that rows of the log are."""
    return [entry_of(line, authority) for line in lines]


def by_day(entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    """Entries under the days they were published on, in the installation's time zone."""
    zone = current_app.config["ZONE"]
    return [(day, list(found)) for day, found in groupby(entries, lambda entry: entry.updated.astimezone(zone).date())]


def tag(authority: str, day: date, specific: str) -> str:
    """A name for good, as RFC 4151 defines it, of something that the publication began on ``day``."""
    return f"tag:{authority or 'localhost'},{day.isoformat()}:{specific}"


def sentence(prefix: str, words: str, suffix: str) -> tuple[str, str]:
    """What stands before and after ``words`` in their sentence; … where the context kept is too short."""
    start, end = len(prefix), len(prefix) + len(words)
    first, last = sentence_around(prefix + words + suffix, start, end)
    before, after = prefix[first:], suffix[: max(0, last - end)]
    # Blanks at the ends are left out of a sentence: then no word is cut, but the sentence may be.
    if len(prefix) >= AROUND and not prefix[:first].strip():
        before = "…" + (before if first else before.partition(" ")[2])
    if len(suffix) >= AROUND and not suffix[len(after) :].strip():
        after = (after if len(after) < len(suffix) else after.rpartition(" ")[0]) + "…"
    return before, after
