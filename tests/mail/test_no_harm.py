"""Rules that outrank convenience: to whom a machine may write because of a mail, how often, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.letters import LetterKind
from corrections.domain.states import Screening
from corrections.models import Event, Publication, Report
from letters import ANN, DESK, answer_to, arrives, as_sent, letter

BOUNCE = """Reporting-MTA: dns; mx.readers.test

Final-Recipient: rfc822; nobody@readers.test
Action: failed
Status: 5.1.1
"""


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"MAIL_IN_ADDRESSES": ["typos@tide.example.org", "@corrections.tide.example.org"]}


@pytest.fixture(autouse=True)
def _magazine(session: Session, publication: Publication, clock: Clock) -> None:  # noqa: ARG001 - the clock stands still
    with transaction():
        factories.make_article(session)


def bounce(report: str = BOUNCE) -> bytes:
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.readers.test>\nTo: desk@tide.example.org\n"
        "Subject: Undelivered Mail Returned to Sender\nMessage-ID: <b1@mx.readers.test>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\nThis is the mail system.\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"{report}\n--b--\n"
    ).encode()


AUTOMATIC = {
    "absence": letter("I am away until June.", subject="Out of office", headers=["Auto-Submitted: auto-replied"]),
    "list": letter(headers=["List-Id: <news.readers.test>", "List-Unsubscribe: <mailto:x@readers.test>"]),
    "bulk": letter(headers=["Precedence: bulk"]),
    "bounce": bounce(),
    "ours": letter(headers=["X-Corrections: report_fixed"]),
    "machine at our address": letter(sender=DESK, headers=["Auto-Submitted: auto-generated"]),
    "spam": letter(headers=["X-Spam-Flag: YES"]),
    "machine": letter(sender="alerts@shop.test"),
}
KINDS = {
    "absence": LetterKind.AUTOREPLY,
    "list": LetterKind.LIST,
    "bulk": LetterKind.LIST,
    "bounce": LetterKind.BOUNCE,
    "ours": LetterKind.OURS,
    "machine at our address": LetterKind.OURS,
    "spam": LetterKind.SPAM,
    "machine": LetterKind.REPORT,
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_nothing_is_written_because_of_what_no_person_sent(session: Session, name: str) -> None:
    sender = "" if name == "bounce" else ANN
    message = arrives(session, AUTOMATIC[name], envelope_from=sender)
    assert message.kind is KINDS[name]
    assert factories.mails(session) == []
    assert message.outcome
    held = [report.screening for report in session.scalars(select(Report))]
    assert held == ([Screening.HELD] if name in {"spam", "machine"} else [])


@pytest.mark.parametrize(
    "sender",
    [
        "no-reply@shop.test",
        "mailer-daemon@mx.test",
        DESK,
        "desk+more@tide.example.org",
        "corrections@newsroom.test",
        "typos@tide.example.org",
        "anything@corrections.tide.example.org",
        "bounces@shop.test",
        "news-owner@lists.test",
    ],
)
def test_no_receipt_goes_to_a_robot_or_to_ourselves(session: Session, sender: str) -> None:
    arrives(session, letter(sender=sender), envelope_from=sender)
    assert factories.mails(session) == []


def test_the_null_sender_is_never_answered(session: Session) -> None:
    arrives(session, letter(), envelope_from="")
    assert factories.mails(session) == []


def test_a_receipt_goes_to_the_sender_and_to_no_address_that_the_mail_names(session: Session) -> None:
    headers = ["Reply-To: victim@elsewhere.test", "Cc: other@elsewhere.test", "Return-Receipt-To: x@elsewhere.test"]
    arrives(session, letter(headers=headers))
    assert [mail.recipient for mail in factories.mails(session)] == [ANN]


def test_one_address_gets_one_receipt_an_hour(session: Session, clock: Clock) -> None:
    for n in range(3):
        arrives(session, letter(f"Paragraph {n} is wrong."))
        clock.advance(minutes=19)
    assert len(factories.mails(session, to=ANN)) == 1
    clock.advance(minutes=10)
    arrives(session, letter("And the headline too."))
    assert len(factories.mails(session, to=ANN)) == 2
    assert len(session.scalars(select(Report)).all()) == 4, "each is a report all the same"


def test_of_a_flood_of_mails_only_proved_senders_are_answered(
    session: Session, app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANSWERED_MAILS", 3)
    app.config["MAIL_TRUSTED_AUTHSERV"] = "mx.tide.test"

    def came(n: int, *headers: str) -> int:
        address = f"reader{n}@readers.test"
        arrives(session, letter(f"Paragraph {n} is wrong.", sender=address, headers=headers), envelope_from=address)
        return len(factories.mails(session, to=address))

    assert [came(n) for n in range(5)] == [1, 1, 1, 0, 0]
    assert came(5, "Authentication-Results: mx.tide.test; dkim=pass header.d=readers.test") == 1
    assert len(session.scalars(select(Report)).all()) == 6, "each is a report all the same"
    clock.advance(minutes=61)
    assert came(6) == 1


def test_a_forged_sender_is_not_written_to(session: Session, app: Flask) -> None:
    app.config["MAIL_TRUSTED_AUTHSERV"] = "mx.tide.test"
    arrives(session, letter(headers=["Authentication-Results: mx.tide.test; spf=fail smtp.mailfrom=readers.test"]))
    [report] = session.scalars(select(Report)).all()
    assert (report.reporter_email, report.address) == (ANN, None), "an editor sees it, and nobody confirmed it"
    assert factories.mails(session) == []


def test_our_own_mail_that_comes_back_ends_there(session: Session) -> None:
    arrives(session, letter())
    [receipt] = factories.mails(session)
    raw = as_sent(session, receipt).as_bytes()
    message = arrives(session, raw, envelope_from=ANN)
    assert message.kind is LetterKind.OURS
    stripped = b"\n".join(line for line in raw.splitlines() if not line.startswith((b"X-Corr", b"Auto-", b"Date")))
    message = arrives(session, stripped, envelope_from=ANN)
    assert (message.kind, message.reason) == (LetterKind.OURS, "its Message-ID")
    assert len(factories.mails(session)) == 1


def test_a_machine_that_answers_every_mail_is_answered_once(session: Session, clock: Clock) -> None:
    """It marks nothing, quotes nothing and answers each of our mails at once, for days."""
    arrives(session, letter("Your message matters to us."))
    for _ in range(30):
        last = factories.mails(session, to=ANN)[-1]
        arrives(session, answer_to(session, last, "Your message matters to us."))
        clock.advance(hours=2)
    assert len(factories.mails(session, to=ANN)) == 1


def test_an_automatic_answer_to_a_receipt_is_no_note(session: Session) -> None:
    arrives(session, letter())
    [receipt] = factories.mails(session)
    events = len(session.scalars(select(Event)).all())
    raw = answer_to(session, receipt, "I am away.", headers=["Auto-Submitted: auto-replied"])
    assert arrives(session, raw).kind is LetterKind.AUTOREPLY
    assert len(session.scalars(select(Event)).all()) == events


@pytest.mark.parametrize("words", ["Buy my pills now", "=?utf-8?q?x?=\r\n Bcc: victim@elsewhere.test"])
def test_no_word_of_a_reader_gets_into_a_subject_line(session: Session, words: str) -> None:
    with transaction():
        factories.make_editor(session, email="ed@newsroom.test")
    arrives(session, letter(f"{words} {words}", subject=words, sender=f'"{words[:10]}" <{ANN}>'))
    owed = factories.mails(session)
    assert len(owed) == 2
    for message in owed:
        mail = as_sent(session, message)
        assert "pills" not in str(mail["Subject"])
        assert {"Bcc", "Cc"}.isdisjoint(mail.keys())
        assert [str(mail["To"])] == [message.recipient]


def test_no_header_can_be_smuggled_in_by_the_mail_that_is_answered(session: Session) -> None:
    arrives(session, letter(message_id="<a@b>\r\n\tBcc: x@elsewhere.test"))
    arrives(session, letter(message_id=f"<{'x' * 900}@y.test>", sender="bob@readers.test"), envelope_from="bob@b.test")
    for message in factories.mails(session):
        mail = as_sent(session, message)
        assert "Bcc" not in mail
        assert max(map(len, mail.as_bytes().splitlines())) < 998
