"""Mail that is owed: claimed by one, leased, tried again with growing pauses, given up in the end, never lost."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import factories
import processes
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.errors import IllegalMove
from corrections.models import OutboxMessage, Publication
from corrections.services import outbox, reports

ANN = "ann@example.org"


def owe(session: Session, clock: Clock, recipient: str = ANN, **facts: Any) -> OutboxMessage:
    message = outbox.owe(session, None, recipient, "test", facts, at=clock.at)
    session.add(message)
    session.flush()
    return message


@pytest.fixture
def message(session: Session, clock: Clock) -> OutboxMessage:
    with transaction():
        return owe(session, clock)


def claim(session: Session, clock: Clock) -> int | None:
    """As the worker does it: in a transaction of its own."""
    with transaction():
        claimed = outbox.claim(session, clock.at)
        return claimed.id if claimed is not None else None


def test_what_is_due_is_claimed_the_oldest_first(session: Session, clock: Clock) -> None:
    with transaction():
        first = owe(session, clock)
        second = owe(session, clock)
        clock.advance(minutes=-5)
        oldest = owe(session, clock)
        wanted = [oldest.id, first.id, second.id]
    clock.advance(minutes=5)
    assert [claim(session, clock) for _ in range(4)] == [*wanted, None]


def test_what_is_not_due_waits(session: Session, clock: Clock, message: OutboxMessage) -> None:
    clock.advance(seconds=-1)
    assert claim(session, clock) is None
    clock.advance(seconds=1)
    assert claim(session, clock) == message.id


def test_a_claim_is_a_lease_and_a_crash_only_delays(session: Session, clock: Clock, message: OutboxMessage) -> None:
    sent_as = message.message_id
    assert claim(session, clock) == message.id
    assert claim(session, clock) is None, "somebody has it in hand"
    clock.advance(limits.LEASE)
    assert claim(session, clock) == message.id, "who had it in hand is dead"
    session.expire_all()
    assert (message.attempts, message.message_id) == (2, sent_as)


def test_what_was_sent_is_not_sent_again(session: Session, clock: Clock, message: OutboxMessage) -> None:
    claim(session, clock)
    with transaction():
        outbox.mark_sent(session, message.id, clock.at)
    clock.advance(days=400)
    assert claim(session, clock) is None
    assert message.sent_at == clock.at - timedelta(days=400)
    with pytest.raises(IllegalMove):
        outbox.revive(message, clock.at)


def fail_until_given_up(session: Session, clock: Clock, message: OutboxMessage) -> list[timedelta]:
    """The pauses between the attempts."""
    pauses = []
    while message.failed_at is None:
        assert claim(session, clock) == message.id
        with transaction():
            outbox.mark_failed(session, message.id, "450 greylisted", clock.at)
        if message.failed_at is None:
            pauses.append(message.due_at - clock.at)
            clock.set(message.due_at)
    return pauses


def test_pauses_grow_from_a_minute_to_eight_hours_over_three_days(
    session: Session, clock: Clock, message: OutboxMessage
) -> None:
    pauses = fail_until_given_up(session, clock, message)
    assert pauses[0] == timedelta(minutes=1)
    assert max(pauses) == pauses[-1] == timedelta(hours=8)
    assert all(earlier <= later for earlier, later in pairwise(pauses))
    assert limits.GIVE_UP_AFTER <= sum(pauses, timedelta()) <= limits.GIVE_UP_AFTER + timedelta(hours=8)
    assert message.last_error == "450 greylisted"


def test_what_was_given_up_stays_until_somebody_says_try_again(
    session: Session, clock: Clock, message: OutboxMessage
) -> None:
    fail_until_given_up(session, clock, message)
    clock.advance(days=30)
    assert claim(session, clock) is None
    with transaction():
        outbox.revive(message, clock.at)
    assert (message.failed_at, message.attempts) == (None, 0)
    assert claim(session, clock) == message.id
    with transaction():
        outbox.mark_failed(session, message.id, "still", clock.at)
    assert message.due_at - clock.at == timedelta(minutes=1), "it has its three days again"


def test_who_waits_can_be_tried_at_once(session: Session, clock: Clock, message: OutboxMessage) -> None:
    claim(session, clock)
    with transaction():
        outbox.mark_failed(session, message.id, "away", clock.at)
    with transaction():
        outbox.revive(message, clock.at)
    assert claim(session, clock) == message.id


def test_a_long_complaint_of_a_server_is_cut(session: Session, clock: Clock, message: OutboxMessage) -> None:
    with transaction():
        outbox.mark_failed(session, message.id, "x" * 100_000, clock.at)
    assert len(message.last_error) == limits.REASON


def test_one_event_is_one_mail_to_each(session: Session, publication: Publication) -> None:  # noqa: ARG001 - is there
    factories.make_report(session, email=ANN)
    [mail] = factories.mails(session, to=ANN)
    session.add(outbox.owe(session, mail.event, ANN, mail.template, {}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_message_ids_are_of_the_publications_host_and_never_the_same(session: Session, clock: Clock) -> None:
    before = owe(session, clock)
    assert before.message_id.endswith("@corrections.invalid>")
    factories.make_publication(session, home_url="https://tide.example.org:8443/")
    made = {owe(session, clock).message_id for _ in range(50)}
    assert len(made) == 50
    assert all(one.startswith("<test.") and one.endswith("@tide.example.org>") for one in made)


def test_a_message_without_a_moment_is_a_mistake(session: Session) -> None:
    with pytest.raises(ValueError, match="moment"):
        outbox.owe(session, None, ANN, "test", {})


CLAIM_ALL = """
from corrections.domain import clock
from corrections.services import outbox
while True:
    with transaction() as session:
        message = outbox.claim(session, clock.now())
        number = message.id if message is not None else None
    if number is None:
        break
    print(number)
    with transaction() as session:
        outbox.mark_sent(session, number, clock.now())
"""


def test_workers_at_once_send_each_message_once(session: Session, clock: Clock, database: str) -> None:
    with transaction():
        owed = sorted(owe(session, clock).id for _ in range(60))
    claimed = processes.at_once(CLAIM_ALL, database, times=2)
    assert sorted(int(number) for lines in claimed for number in lines) == owed
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).all() == []


CLAIM_AND_DIE = """
import os
from corrections.domain import clock
from corrections.services import outbox
with transaction() as session:
    print(outbox.claim(session, clock.now()).id, flush=True)
    if ME == 0:
        os._exit(0)
"""


def test_a_worker_that_dies_while_claiming_claims_nothing(session: Session, clock: Clock, database: str) -> None:
    with transaction():
        number = owe(session, clock).id
    assert processes.at_once(CLAIM_AND_DIE, database, times=1) == [[str(number)]]
    assert claim(session, clock) == number
    session.expire_all()
    assert session.get_one(OutboxMessage, number).attempts == 1


# Erasing


@pytest.mark.usefixtures("publication")
def test_who_wants_to_be_forgotten_is_forgotten_in_the_outbox_too(session: Session, clock: Clock) -> None:
    report = factories.make_report(session, confirmed=ANN, name="Ann Reader")
    sent, waiting = factories.mails(session, to=ANN)
    outbox.mark_sent(session, sent.id, clock.at)
    session.flush()
    reports.erase_reporter(session, report, reports.reader())
    session.flush()
    left = factories.mails(session)
    assert waiting.id not in [mail.id for mail in left]
    assert all(word not in str((mail.recipient, mail.facts)) for mail in left for word in (ANN, "Ann Reader"))
    assert (report.reporter_name, report.reporter_email, report.address, report.erased_at) == (
        None,
        None,
        None,
        clock.at,
    )
    assert report.original_text == "recieves", "what was said stays"


@pytest.mark.usefixtures("publication")
def test_two_who_were_told_in_one_go_can_both_be_forgotten(session: Session, clock: Clock) -> None:
    both = [factories.make_report(session, confirmed=reader) for reader in (ANN, "bob@example.org")]
    assert both[0].erratum is not None
    factories.reject(session, both[0].erratum)
    for mail in factories.mails(session):
        outbox.mark_sent(session, mail.id, clock.at)
    session.expire_all()
    for report in both:
        reports.erase_reporter(session, report, reports.reader())
    assert "@" not in "".join(mail.recipient for mail in factories.mails(session))


@pytest.mark.usefixtures("publication")
def test_mail_on_another_report_of_the_same_person_stays(session: Session) -> None:
    one, other = (
        factories.make_report(session, confirmed=ANN),
        factories.make_report(session, confirmed=ANN, quote="the"),
    )
    reports.erase_reporter(session, one, reports.reader())
    assert {mail.facts["reference"] for mail in factories.mails(session, to=ANN)} == {other.reference}
    assert other.address == ANN


@pytest.mark.usefixtures("editors", "publication")
def test_the_history_never_knew_the_name(session: Session) -> None:
    report = factories.make_report(session, confirmed=ANN, name="Ann Reader")
    assert report.erratum is not None
    told = factories.mails(session, template="editor_new_erratum")
    assert told
    assert all("Ann" not in str(mail.facts) for mail in told)
