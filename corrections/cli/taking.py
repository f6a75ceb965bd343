"""Reports of the past: read line by line, stored in batches, and listed with where they were placed."""

import hashlib
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import click
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from corrections.cli import installation
from corrections.db import db, transaction
from corrections.domain import clock
from corrections.domain.actors import Act, Channel
from corrections.domain.anchors import Anchor
from corrections.domain.errors import CorrectionsError, Rejected
from corrections.models import Report
from corrections.queries import placed as placed_reports
from corrections.services import reports
from corrections.services.reports import Contact, NewReport

AT_ONCE: Final = 50
LONGEST_LINE: Final = 1_000_000  # characters
CHANNELS: Final[Mapping[str, Channel]] = {
    **{channel.value: channel for channel in Channel},
    "form": Channel.WEB,
    "selection": Channel.WIDGET,
    "email": Channel.MAIL,
    "e-mail": Channel.MAIL,
}
TEXTS: Final = (
    "id",
    "received",
    "channel",
    "article",
    "url",
    "original_text",
    "corrected_text",
    "notes",
    "name",
    "email",
)


@dataclass(slots=True)
class Tally:
    """What came of an import: new ones by how surely they were placed, known ones, and what was refused and why."""

    certainty: Counter[str] = field(default_factory=Counter)
    known: int = 0
    held: int = 0
    refusals: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        """How many were stored."""
        return self.certainty.total() + self.held

    def as_facts(self) -> dict[str, Any]:
        """The counts, and why what was refused was refused."""
        return {
            "new": self.new,
            "known": self.known,
            **{name: self.certainty[name] for name in ("certain", "likely", "unknown")},
            "held": self.held,
            "refused": len(self.refusals),
            "refusals": self.refusals,
        }

    def sentence(self) -> str:
        """The counts for people."""
        counts = "{new:,} new ({certain:,} placed for certain, {likely:,} likely, {unknown:,} waiting for an editor"
        held = ", {held:,} held for screening" if self.held else ""
        return (counts + held + "), {known:,} known already, {refused:,} refused.").format_map(self.as_facts())


@contextmanager
def begun(folder: Path) -> Iterator["Taker"]:
    """Something that takes reports into the installation in ``folder``."""
    with _opened(folder):
        yield Taker()


@contextmanager
def _opened(folder: Path) -> Iterator[None]:
    with installation.opened(folder).app_context():
        try:
            yield
        finally:
            db.session.remove()


def placed(folder: Path) -> Iterator[dict[str, Any]]:
    """All reports of the installation in ``folder``, with where they were placed."""
    with _opened(folder):
        yield from placed_reports.reports(db.session())


class Taker:
    """Takes reports in, some to a transaction."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._waiting: list[tuple[str, NewReport, Act]] = []
        self._next_shown = 0.0

    def take_in(self, files: Iterable[Path]) -> Tally:
        """Every line of the files. Raises OSError for a file that cannot be opened."""
        for file in files:
            if str(file) == "-":
                self._take_lines("standard input", sys.stdin.buffer if sys.stdin else io.BytesIO())
            else:
                with file.open("rb") as lines:
                    self._take_lines(file.name, lines)
        self._store()
        if self._next_shown:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
        return self.tally

    def _take_lines(self, name: str, lines: IO[bytes]) -> None:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{name}, line {number}"
            try:
                self._waiting.append((where, *as_report(line)))
            except CorrectionsError as refused:
                self.tally.refusals.append(f"{where}: {refused}")
            if len(self._waiting) >= AT_ONCE:
                self._store()

    def _store(self) -> None:
        """All that waits in one transaction; should that fail, each in its own, so that none is lost for another."""
        batch, self._waiting = self._waiting, []
        try:
            self._stored(batch)
        except (CorrectionsError, DataError, IntegrityError):
            for one in batch:
                self._store_alone(one)
        self._show()

    def _store_alone(self, one: tuple[str, NewReport, Act]) -> None:
        try:
            self._stored([one])
        except Rejected as refused:
            reasons = " ".join(f"{name}: {reason}" for name, reason in refused.fields.items())
            self.tally.refusals.append(f"{one[0]}: {reasons or refused}")
        except CorrectionsError as refused:
            self.tally.refusals.append(f"{one[0]}: {refused}")
        except (DataError, IntegrityError) as error:
            self.tally.refusals.append(f"{one[0]}: The database does not take it: {error.orig}.")

    def _stored(self, batch: list[tuple[str, NewReport, Act]]) -> None:
        made: list[Report] = []
        try:
            with transaction() as session:
                keys = [new.submission_key for _, new, _ in batch]
                known = set(session.scalars(select(Report.submission_key).where(Report.submission_key.in_(keys))))
                fresh = {new.submission_key: (new, act) for _, new, act in batch if new.submission_key not in known}
                made = [reports.submit(session, new, act) for new, act in fresh.values()]
                told = [(report.erratum is None, report.certainty.value) for report in made]
        finally:
            db.session.remove()
        self.tally.known += len(batch) - len(made)
        self.tally.held += sum(held for held, _ in told)
        self.tally.certainty.update(certainty for held, certainty in told if not held)

    def _show(self) -> None:
        if sys.stderr.isatty() and time.monotonic() >= self._next_shown:
            self._next_shown = time.monotonic() + 0.2
            click.echo(f"\r{self.tally.new + self.tally.known:,} reports ", nl=False, err=True)


def as_report(line: bytes) -> tuple[NewReport, Act]:
    """A line of JSON as a report of long ago: nobody is told of it. Raises Rejected that says what is wrong with it."""
    told = _object(line)
    texts = {name: _text(told, name) for name in TEXTS}
    anchor = _anchor(told, texts["original_text"])
    act = Act(channel=_channel(texts["channel"]), label="A reader", at=_moment(texts["received"]))
    new = NewReport(
        submission_key=_key(texts["id"], line),
        source_id=texts["id"] or None,
        article=texts["article"],
        url=texts["url"],
        anchor=anchor,
        corrected_text=texts["corrected_text"],
        notes=texts["notes"],
        name=texts["name"],
        email=texts["email"],
        contact=Contact.SILENT,
        quiet=True,
    )
    return new, act


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise Rejected("The line is longer than a report can be.")
    try:
        told = json.loads(line)
    except ValueError as error:
        raise Rejected("This is not a line of JSON.") from error
    if not isinstance(told, dict):
        raise Rejected("A line must be a JSON object, in braces.")
    return told


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if isinstance(value, int | float) and name == "id":
        return str(value)
    if not isinstance(value, str):
        raise Rejected("%(name)s must be a text.", name=name)
    return value


def _anchor(told: Mapping[str, Any], original: str) -> Anchor:
    selector = told.get("selector")
    if selector is None:
        return Anchor(exact=original)
    if not isinstance(selector, dict):
        raise Rejected("selector must be an object with exact, prefix and suffix.")
    exact, prefix, suffix = (_text(selector, name) for name in ("exact", "prefix", "suffix"))
    return Anchor(exact=exact or original, prefix=prefix, suffix=suffix)


def _channel(name: str) -> Channel:
    return CHANNELS.get(name.strip().lower(), Channel.IMPORT)


def _moment(text: str) -> datetime:
    """When it was received; now, if that was not said. Raises Rejected for what is no moment."""
    if not text:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Rejected("received is no date and time; one looks like 2024-01-08T06:00:00Z.") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _key(source_id: str, line: bytes) -> str:
    """The same for the same line; by its id, if it has one."""
    return f"import:{hashlib.sha256(source_id.encode() or line.strip()).hexdigest()}"
