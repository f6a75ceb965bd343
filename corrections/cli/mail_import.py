"""The work of ``corrections mail import``: mail of the past, stored and read message by message."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import func, select

from corrections.cli import installation
from corrections.db import db
from corrections.domain import clock, limits
from corrections.domain.letters import LetterKind, LetterState
from corrections.domain.text import one_line
from corrections.mail import mailboxes, receiving
from corrections.mail.mailboxes import Kept
from corrections.models import InboxMessage, Way

AT_ONCE: Final = 100  # messages stored between two turns of reading
COUNTED_AT_ONCE: Final = 500


@dataclass(slots=True)
class Tally:
    """What came of an import: new and known mails, what they are, and what could not be read and why."""

    new: int = 0
    known: int = 0
    kinds: Counter[LetterKind] = field(default_factory=Counter)
    waiting: int = 0
    failed: int = 0
    refusals: list[Kept] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether everything could be read."""
        return not (self.failed or self.refusals)

    def as_facts(self) -> dict[str, Any]:
        """The counts, and why what was refused was refused."""
        return {
            "new": self.new,
            "known": self.known,
            **{kind.value: self.kinds[kind] for kind in LetterKind},
            "waiting": self.waiting,
            "failed": self.failed,
            "refused": len(self.refusals),
            "refusals": [{"origin": one.origin, "reason": one.refusal} for one in self.refusals],
        }


def take_in(folder: Path, paths: Iterable[Path]) -> Tally:
    """Store and read every mail in files and folders, into the installation in ``folder``."""
    tally, numbers, progress = Tally(), [], _Progress()
    receiving.give_memory_back()
    with installation.opened(folder).app_context():
        for path in paths:
            for kept in mailboxes.messages(path):
                if (number := _stored(kept, tally)) is not None:
                    numbers.append(number)
                if len(numbers) % AT_ONCE == 0:
                    receiving.read_waiting()
                progress.show(len(numbers), len(tally.refusals))
        for _ in range(limits.READ_ATTEMPTS):
            receiving.read_waiting()
            _count(sorted(set(numbers)), tally)
            if not tally.waiting:
                break
        db.session.remove()
    progress.end()
    return tally


def _stored(kept: Kept, tally: Tally) -> int | None:
    """Store one; its number, or None when it is refused."""
    if kept.refusal:
        tally.refusals.append(kept)
        return None
    at = mailboxes.date_of(kept.raw, clock.now())
    try:
        number, is_new = receiving.keep(kept.raw, Way.IMPORT, envelope_from=kept.envelope_from, at=at)
    except (receiving.NoMail, receiving.TooLarge) as error:
        tally.refusals.append(Kept(kept.origin, refusal=str(error)))
        return None
    tally.new += is_new
    tally.known += not is_new
    return number


def _count(numbers: list[int], tally: Tally) -> None:
    """What became of the mails with these numbers, which another process may have read too."""
    tally.kinds.clear()
    states: Counter[LetterState] = Counter()
    for start in range(0, len(numbers), COUNTED_AT_ONCE):
        some = InboxMessage.id.in_(numbers[start : start + COUNTED_AT_ONCE])
        grouped = select(InboxMessage.state, InboxMessage.kind, func.count()).where(some)
        for state, kind, count in db.session.execute(grouped.group_by(InboxMessage.state, InboxMessage.kind)):
            states[state] += count
            if state is LetterState.READ and kind is not None:
                tally.kinds[kind] += count
    tally.waiting, tally.failed = states[LetterState.WAITING], states[LetterState.FAILED]


def report(tally: Tally, *, as_json: bool) -> None:
    """Say what came of it."""
    if as_json:
        click.echo(json.dumps(tally.as_facts(), ensure_ascii=False))
        return
    for one in tally.refusals:
        click.echo(one_line(f"Refused: {one.origin}: {one.refusal}"), err=True)
    click.echo(f"{tally.new:,} new, {tally.known:,} known already, {len(tally.refusals):,} refused.")
    found = [f"{count:,} {kind.value}" for kind, count in tally.kinds.most_common()]
    found += [f"{tally.failed:,} that cannot be read"] if tally.failed else []
    found += [f"{tally.waiting:,} waiting to be read"] if tally.waiting else []
    if found:
        click.echo(f"Among them: {', '.join(found)}.")


class _Progress:
    """A line on the terminal that counts; nothing where there is no terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._next = 0.0

    def show(self, taken: int, refused: int) -> None:
        """Count, five times a second at most."""
        if self._is_shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + 0.2
            also = f", {refused:,} refused" if refused else ""
            click.echo(f"\r{taken:,} messages{also} ", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown and self._next:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
