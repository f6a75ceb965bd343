"""Digests for those who do not want a mail for each erratum, and forgetting reporters in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Role
from corrections.domain.screening import Sign
from corrections.models import Editor, Event, EventKind, Notify, Publication, Report
from corrections.services import digests, editors, housekeeping

YEAR = timedelta(days=365)
ANN = "ann@example.org"

pytestmark = pytest.mark.usefixtures("publication")


@pytest.fixture
def editor(session: Session, publication: Publication, clock: Clock) -> Editor:  # noqa: ARG001 - comes first
    """One who wants a mail an hour."""
    with transaction():
        made = factories.make_editor(session, email="hourly@tide.example.org")
        editors.set_notices(made, Notify.HOURLY, [], factories.act(editor=made, at=clock.at))
    return made


def write(session: Session, clock: Clock) -> list[dict[str, Any]]:
    """Write what is due; the facts of the digests that it made."""
    with transaction():
        before = len(factories.mails(session, template="editor_digest"))
        owed = digests.owe_digests(session, clock.at)
        made = factories.mails(session, template="editor_digest")[before:]
        assert owed == len(made)
        return [mail.facts for mail in made]


def report(session: Session, quote: str, **changes: Any) -> Report:
    with transaction():
        return factories.make_report(session, quote=quote, corrected_text="other", **changes)


@pytest.mark.usefixtures("editor")
def test_a_digest_comes_when_its_time_has_come_and_there_is_news(session: Session, clock: Clock) -> None:
    report(session, "zinc")
    clock.advance(minutes=59)
    assert write(session, clock) == []
    clock.advance(minutes=1)
    [facts] = write(session, clock)
    assert [(e["was"], e["reports"], e["new"]) for e in facts["errata"]] == [("zinc", 1, True)]
    assert write(session, clock) == []
    clock.advance(hours=1)
    assert write(session, clock) == [], "nothing new, no mail"


@pytest.mark.usefixtures("editor")
def test_a_hundred_reports_of_one_error_are_one_line_with_a_number_that_grows(session: Session, clock: Clock) -> None:
    for _ in range(5):
        report(session, "zinc")
    report(session, "tin")
    clock.advance(hours=1)
    [facts] = write(session, clock)
    assert [(e["was"], e["reports"]) for e in facts["errata"]] == [("zinc", 5), ("tin", 1)]
    clock.advance(minutes=5)
    report(session, "zinc")
    clock.advance(hours=1)
    [facts] = write(session, clock)
    assert [(e["was"], e["reports"], e["new"]) for e in facts["errata"]] == [("zinc", 6, False)]


@pytest.mark.usefixtures("editor")
def test_no_report_falls_between_two_digests_when_the_worker_was_away(session: Session, clock: Clock) -> None:
    report(session, "zinc")
    clock.advance(hours=5)
    report(session, "tin")
    clock.advance(minutes=2)
    [facts] = write(session, clock)
    assert {e["was"] for e in facts["errata"]} == {"zinc", "tin"}
    clock.advance(minutes=30)
    report(session, "lead")
    clock.advance(minutes=30)
    [facts] = write(session, clock)
    assert {e["was"] for e in facts["errata"]} == {"lead"}


@pytest.mark.usefixtures("editor")
def test_what_was_decided_meanwhile_is_no_news(session: Session, clock: Clock) -> None:
    decided = report(session, "zinc").erratum
    assert decided is not None
    with transaction():
        factories.reject(session, decided)
    clock.advance(hours=1)
    assert write(session, clock) == []


def test_sections_are_for_digests_too(session: Session, clock: Clock, editor: Editor) -> None:
    with transaction():
        editors.set_notices(editor, Notify.HOURLY, [" Harbour ", "", "Harbour"], factories.act(editor=editor))
        harbour = factories.make_article(session, section="Harbour", title="Ropes")
        sport = factories.make_article(session, section="Sport", title="Ball")
    assert editor.sections == ["Harbour"]
    for article in (harbour, sport):
        report(session, "Marta", article=article.url)
    report(session, "zinc", article="unknown")
    clock.advance(hours=1)
    [facts] = write(session, clock)
    assert {e["article"] for e in facts["errata"]} == {"Ropes", "unknown"}


@pytest.mark.usefixtures("editor")
def test_a_long_digest_is_cut_and_says_so(session: Session, clock: Clock) -> None:
    for number in range(limits.PAGE + 1):
        report(session, f"word {number}", article="unknown")
    clock.advance(hours=1)
    [facts] = write(session, clock)
    assert (len(facts["errata"]), facts["more"]) == (limits.PAGE, True)


@pytest.mark.parametrize(
    ("notify", "pause"),
    [
        (Notify.HOURLY, timedelta(hours=1)),
        (Notify.DAILY, timedelta(days=1)),
        (Notify.AT_ONCE, None),
        (Notify.NEVER, None),
    ],
)
def test_the_wish_sets_the_time(
    session: Session, clock: Clock, editor: Editor, notify: Notify, pause: timedelta | None
) -> None:
    editors.set_notices(editor, notify, [], factories.act(editor=editor, at=clock.at))
    session.flush()
    assert editor.digest_due_at == (clock.at + pause if pause else None)


def test_who_has_left_gets_none(session: Session, clock: Clock, editor: Editor) -> None:
    with transaction():
        editor.active = False
    report(session, "zinc")
    clock.advance(hours=2)
    assert write(session, clock) == []


# Forgetting


def forget(session: Session, clock: Clock) -> int:
    with transaction():
        return housekeeping.erase_what_is_old(session, clock.at, YEAR)


def test_reporters_are_forgotten_a_year_after_the_decision(session: Session, clock: Clock) -> None:
    said = report(session, "zinc", confirmed=ANN, name="Ann")
    assert said.erratum is not None
    clock.advance(days=700)
    assert forget(session, clock) == 0, "it is open still"
    with transaction():
        factories.reject(session, said.erratum, by=factories.act(Role.EDITOR, at=clock.at))
    clock.advance(days=364)
    assert forget(session, clock) == 0
    clock.advance(days=2)
    assert forget(session, clock) == 1
    assert (said.reporter_name, said.reporter_email, said.erased_at) == (None, None, clock.at)
    assert factories.mails(session, to=ANN) == []
    assert forget(session, clock) == 0
    erased = session.scalars(select(Event).where(Event.kind == EventKind.ERASED)).one()
    assert (erased.label, erased.editor_id) == ("Corrections", None)


def test_what_never_passed_the_screening_is_forgotten_too(session: Session, clock: Clock) -> None:
    report(session, "zinc", email=ANN, signs=[Sign.HIDDEN_FIELD])
    clock.advance(days=366)
    assert forget(session, clock) == 1


def test_much_is_forgotten_in_small_steps(session: Session, clock: Clock) -> None:
    for number in range(5):
        report(session, f"word {number}", name="Ann", signs=[Sign.HIDDEN_FIELD])
    clock.advance(days=366)
    steps = []
    while not steps or steps[-1]:
        with transaction():
            steps.append(housekeeping.erase_what_is_old(session, clock.at, YEAR, limit=2))
    assert steps == [2, 2, 1, 0]
