"""Who asks to be forgotten is forgotten in the mail that came in, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain.letters import LetterState
from corrections.mail import incoming
from corrections.models import BouncedAddress, InboxMessage, Publication, Way
from corrections.services import bounces, housekeeping, inbox, reports
from letters import ANN, answer_to, arrives, erratum_of, letter

YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _magazine(session: Session, publication: Publication, clock: Clock) -> None:  # noqa: ARG001 - the clock stands still
    with transaction():
        factories.make_article(session)


def forget(session: Session, message: InboxMessage) -> None:
    with transaction():
        reports.erase_reporter(session, message.reports[0], reports.reader())


def is_erased(message: InboxMessage) -> bool:
    gone = message.raw is None and message.from_address == message.from_name == "" and message.envelope_from is None
    assert gone is (message.erased_at is not None)
    return gone


def test_the_mail_goes_with_its_reporter_and_what_was_said_stays(session: Session) -> None:
    message = arrives(session, letter())
    forget(session, message)
    assert is_erased(message)
    assert message.attachments == []
    assert message.reports[0].notes
    assert message.outcome


def test_answers_of_the_reporter_go_too(session: Session) -> None:
    message = arrives(session, letter())
    [receipt] = factories.mails(session, to=ANN)
    answer = arrives(session, answer_to(session, receipt, "One more thing."))
    other = arrives(session, letter(sender="bob@readers.test"), envelope_from="bob@readers.test")
    with transaction():
        bounces.count(session, ANN, "gone", message.received_at)
    forget(session, message)
    assert is_erased(answer)
    assert not is_erased(other)
    assert session.scalar(select(BouncedAddress)) is None


def test_another_report_of_the_same_person_keeps_its_own_mail(session: Session) -> None:
    first, second = arrives(session, letter()), arrives(session, letter("The headline is wrong."))
    forget(session, first)
    assert is_erased(first)
    assert not is_erased(second)


def test_an_erased_mail_cannot_come_back_by_being_read(session: Session) -> None:
    message = arrives(session, letter())
    forget(session, message)
    with transaction():
        message.state = LetterState.WAITING
        incoming.read(session, message)
    assert is_erased(message)


def test_old_mail_of_nobody_who_is_known_is_forgotten(session: Session, clock: Clock) -> None:
    listed = arrives(session, letter(headers=["List-Id: <x.test>"]))
    report = arrives(session, letter())
    assert housekeeping.erase_what_is_old(session, clock.at + YEAR, YEAR) == 0
    with transaction():
        assert housekeeping.erase_what_is_old(session, clock.at + 2 * YEAR, YEAR) == 1
    assert is_erased(listed)
    assert not is_erased(report), "its erratum is open"
    with transaction():
        factories.fix(session, erratum_of(report), by=factories.system_act(clock.at))
    with transaction():
        assert housekeeping.erase_what_is_old(session, clock.at + 2 * YEAR, YEAR) == 1
    assert is_erased(report)


def test_mail_that_was_not_read_yet_is_never_forgotten(session: Session, clock: Clock) -> None:

    with transaction():
        message, _ = inbox.store(session, letter(), Way.PIPE, clock.at)
    with transaction():
        assert housekeeping.erase_what_is_old(session, clock.at + 2 * YEAR, YEAR) == 0
    assert not is_erased(message)
