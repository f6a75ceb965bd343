"""Mail that comes back: what is marked, what is counted, and when an address is not written to any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.domain import limits
from corrections.models import BouncedAddress, OutboxMessage, Publication
from corrections.services import bounces, outbox
from corrections.services.bounces import Returned

ANN = "Ann@readers.test"
GONE = "550 5.1.1 no such user"


@pytest.fixture(autouse=True)
def _magazine(publication: Publication) -> None:
    pass


def sent(session: Session, clock: Clock, to: str = ANN, template: str = "report_fixed") -> OutboxMessage:
    """A mail that went out just now."""
    message = outbox.owe(session, None, to, template, {"number": 1}, at=clock.at)
    session.add(message)
    session.flush()
    outbox.mark_sent(session, message.id, clock.at)
    session.refresh(message)
    return message


def back(session: Session, clock: Clock, message: OutboxMessage, **changes: object) -> list[OutboxMessage]:
    facts: dict[str, object] = {"message_id": message.message_id, "permanent": True, "reason": GONE}
    return bounces.note(session, Returned(**(facts | changes)), clock.at)  # type: ignore[arg-type] # of the types it takes


def counted(session: Session) -> list[tuple[str, int, bool]]:
    rows = session.scalars(select(BouncedAddress).order_by(BouncedAddress.id))
    return [(row.address, row.bounces, row.stopped_at is not None) for row in rows]


def stop(session: Session, clock: Clock, to: str = ANN) -> None:
    for _ in range(limits.HARD_BOUNCES):
        back(session, clock, sent(session, clock, to))


def test_our_message_is_found_by_its_identifier(session: Session, clock: Clock) -> None:
    message, other = sent(session, clock), sent(session, clock)
    assert back(session, clock, message) == [message]
    assert (message.bounced_at, message.last_error) == (clock.at, GONE)
    assert other.bounced_at is None
    assert counted(session) == [(ANN.lower(), 1, False)]


def test_without_an_identifier_the_last_mail_to_the_address_is_meant(session: Session, clock: Clock) -> None:
    sent(session, clock)
    clock.advance(hours=1)
    last = sent(session, clock)
    assert back(session, clock, last, message_id="", recipients=[ANN]) == [last]
    clock.advance(bounces.LATELY + timedelta(minutes=1))
    assert back(session, clock, last, message_id="", recipients=[ANN]) == [], "that was sent too long ago"


def test_a_relay_may_have_changed_the_identifier(session: Session, clock: Clock) -> None:
    message = sent(session, clock)
    assert back(session, clock, message, message_id="<0100018f@relay.test>", recipients=[ANN]) == [message]


def test_a_bounce_of_what_was_never_ours_counts_nothing(session: Session, clock: Clock) -> None:
    sent(session, clock)
    returned = Returned(message_id="<x@y.test>", recipients=["bob@readers.test"], permanent=True, reason=GONE)
    assert bounces.note(session, returned, clock.at) == []
    assert counted(session) == []


def test_the_same_bounce_counts_once(session: Session, clock: Clock) -> None:
    message = sent(session, clock)
    back(session, clock, message)
    assert back(session, clock, message) == []
    assert counted(session) == [(ANN.lower(), 1, False)]


def test_a_delay_is_noted_and_counts_nothing(session: Session, clock: Clock) -> None:
    message = sent(session, clock)
    assert back(session, clock, message, permanent=False, reason="452 4.2.2 full") == [message]
    assert (message.bounced_at, message.last_error) == (None, "452 4.2.2 full")
    assert counted(session) == []


def test_after_several_bounces_nothing_is_sent_there_and_the_outbox_says_so(session: Session, clock: Clock) -> None:
    waiting = outbox.owe(session, None, ANN, "report_rejected", {}, at=clock.at)
    session.add(waiting)
    stop(session, clock)
    assert counted(session) == [(ANN.lower(), limits.HARD_BOUNCES, True)]
    session.refresh(waiting)
    assert (waiting.failed_at, waiting.last_error) == (clock.at, outbox.STOPPED)
    message = outbox.owe(session, None, ANN.upper(), "report_fixed", {}, at=clock.at)
    session.add(message)
    session.flush()
    assert (message.failed_at, message.last_error) == (clock.at, outbox.STOPPED)
    assert outbox.claim(session, clock.at + timedelta(hours=1)) is None
    other = outbox.owe(session, None, "bob@readers.test", "report_fixed", {}, at=clock.at)
    assert other.failed_at is None


def test_one_bounce_less_stops_nothing(session: Session, clock: Clock) -> None:
    for _ in range(limits.HARD_BOUNCES - 1):
        back(session, clock, sent(session, clock))
    assert outbox.owe(session, None, ANN, "report_fixed", {}, at=clock.at).failed_at is None


def test_who_calls_our_mail_spam_gets_no_more(session: Session, clock: Clock) -> None:
    back(session, clock, sent(session, clock), permanent=False, complaint=True, reason="abuse")
    assert counted(session) == [(ANN.lower(), 1, True)]


def test_who_writes_from_the_address_is_written_to_again(session: Session, clock: Clock) -> None:
    stop(session, clock)
    bounces.heard_from(session, ANN.upper())
    assert outbox.owe(session, None, ANN, "report_fixed", {}, at=clock.at).failed_at is None
    assert counted(session) == [(ANN.lower(), 0, False)]


def test_an_editor_at_the_desk_can_send_it_all_the_same(session: Session, clock: Clock) -> None:
    stop(session, clock)
    message = outbox.owe(session, None, ANN, "report_fixed", {}, at=clock.at)
    session.add(message)
    session.flush()
    outbox.revive(message, clock.at)
    session.flush()
    assert outbox.claim(session, clock.at) is message


def test_an_editor_whom_no_mail_reaches_can_still_log_in(session: Session, clock: Clock) -> None:
    editor = factories.make_editor(session, email="ed@newsroom.test")
    session.flush()
    stop(session, clock, editor.email)
    assert outbox.owe(session, None, editor.email, "editor_digest", {}, at=clock.at).failed_at is not None
    assert outbox.owe(session, None, editor.email, "security", {}, at=clock.at).failed_at is None
