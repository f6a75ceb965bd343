"""A bounce that comes in marks the message that it is of, and in the end the address."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import clock as product_clock
from corrections.domain import limits
from corrections.domain.letters import LetterKind
from corrections.models import InboxMessage, OutboxMessage, Publication
from corrections.services import outbox
from letters import ANN, arrives, as_sent, letter


@pytest.fixture(autouse=True)
def _magazine(session: Session, publication: Publication, clock: Clock) -> None:  # noqa: ARG001 - the clock stands still
    with transaction():
        factories.make_article(session)


def sent(session: Session) -> OutboxMessage:
    with transaction():
        message = outbox.owe(session, None, ANN, "report_fixed", {"reference": "abc"}, at=product_clock.now())
        session.add(message)
        session.flush()
        outbox.mark_sent(session, message.id, product_clock.now())
    session.refresh(message)
    return message


def comes_back(session: Session, message: OutboxMessage, status: str = "5.1.1", action: str = "failed") -> InboxMessage:
    original = as_sent(session, message).as_bytes().decode().partition("\n\n")[0]
    raw = (
        f"From: MAILER-DAEMON@mx.readers.test\nTo: desk@tide.example.org\nSubject: Undelivered Mail\n"
        f"Message-ID: <b{message.id}.{action}@mx.readers.test>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nI am sorry.\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.readers.test\n\nFinal-Recipient: rfc822; {message.recipient}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; 550 {status} no such user\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{original}\n\n--b--\n"
    )
    return arrives(session, raw.encode(), envelope_from="")


def test_the_outbox_learns_that_a_mail_came_back(session: Session, clock: Clock) -> None:
    message = sent(session)
    bounce = comes_back(session, message)
    assert bounce.kind is LetterKind.BOUNCE
    assert bounce.outcome == f"our message to {ANN} did not arrive, for good"
    assert message.bounced_at == clock.at
    assert "no such user" in message.last_error


def test_a_warning_is_noted_and_the_failure_that_follows_counts(session: Session) -> None:
    message = sent(session)
    comes_back(session, message, "4.4.7", "delayed")
    assert message.bounced_at is None
    assert message.last_error
    comes_back(session, message)
    assert message.bounced_at is not None


def test_after_some_bounces_the_reader_gets_no_more_mail_until_they_write(session: Session) -> None:
    for _ in range(limits.HARD_BOUNCES):
        comes_back(session, sent(session))
    with transaction():
        erratum = factories.make_erratum(session, confirmed=ANN)
        factories.fix(session, erratum)
    owed = factories.mails(session, to=ANN, template="report_fixed")[-1]
    assert (owed.failed_at is not None, owed.last_error) == (True, outbox.STOPPED)
    arrives(session, letter())
    [receipt] = factories.mails(session, to=ANN, template="mail_received")
    assert receipt.failed_at is None


def test_a_bounce_of_other_peoples_mail_is_only_kept(session: Session) -> None:
    message = sent(session)
    with transaction():
        ours = message.message_id
        message.message_id = "<elsewhere@other.test>"
        message.recipient = "dan@readers.test"
    bounce = comes_back(session, message)
    assert bounce.outcome == f"our message to {message.recipient} did not arrive, for good"
    with transaction():
        message.message_id, message.recipient, message.bounced_at = ours, ANN, None
    again = arrives(session, (bounce.raw or b"").replace(b"Message-ID: <b", b"Message-ID: <c", 1), envelope_from="")
    assert (again.kind, again.outcome) == (LetterKind.BOUNCE, "it is of no mail of ours")
    assert message.bounced_at is None
