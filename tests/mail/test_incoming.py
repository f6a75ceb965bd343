"""What a mail becomes: reports on errata, each with the reader's words and address, and one receipt."""

from __future__ import annotations

import base64

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Channel
from corrections.domain.letters import LetterKind, LetterState
from corrections.domain.states import Screening
from corrections.mail import incoming
from corrections.models import Article, Editor, Event, EventKind, Publication, Report, Way
from letters import ANN, TYPO, arrives, as_sent, erratum_of, letter, text_of

PICTURE = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 60).decode()


@pytest.fixture(autouse=True)
def article(session: Session, publication: Publication, clock: Clock) -> Article:  # noqa: ARG001 - the clock stands still
    with transaction():
        return factories.make_article(session)


@pytest.fixture
def editor(session: Session) -> Editor:
    with transaction():
        return factories.make_editor(session, email="ed@newsroom.test", name="Ed")


def test_two_lines_become_a_report_with_the_readers_words_and_address(session: Session) -> None:
    message = arrives(session, letter(message_id="<one@readers.test>"))
    [report] = message.reports
    assert (message.kind, message.state) == (LetterKind.REPORT, LetterState.READ)
    assert (message.from_name, message.from_address, message.subject) == ("Ann Lee", ANN, "typo")
    assert message.read_at is not None
    assert message.outcome == f"report {report.reference} is on erratum {erratum_of(message).number}"
    assert (report.channel, report.source_id) == (Channel.MAIL, "one@readers.test")
    assert report.notes == f"typo\n\n{TYPO}"
    assert (report.reporter_name, report.address) == ("Ann Lee", ANN), "who writes asks to be answered"
    assert report.inbox_message is message


def test_the_reader_gets_a_receipt_in_the_thread_of_the_mail(session: Session) -> None:
    message = arrives(session, letter(message_id="<one@readers.test>"))
    [owed] = factories.mails(session, to=ANN)
    mail, report = as_sent(session, owed), message.reports[0]
    assert owed.template == "mail_received"
    assert str(mail["In-Reply-To"]) == "<one@readers.test>"
    assert "<one@readers.test>" in str(mail["References"])
    assert str(mail["Auto-Submitted"]) == "auto-replied"
    assert mail["X-Corrections"]
    assert f"http://localhost/reports/{report.reference}" in text_of(mail)
    assert "An editor will look at it" in text_of(mail)


def test_later_mail_on_the_report_joins_the_same_thread(session: Session) -> None:
    message = arrives(session, letter(message_id="<one@readers.test>"))
    with transaction():
        factories.fix(session, erratum_of(message))
    receipt, outcome = factories.mails(session, to=ANN)
    assert outcome.template == "report_fixed"
    threads = [set(str(as_sent(session, mail)["References"]).split()) for mail in (receipt, outcome)]
    assert "<one@readers.test>" in threads[0] & threads[1]


def test_editors_are_told_of_what_came_by_mail(session: Session, editor: Editor) -> None:
    arrives(session, letter())
    [owed] = factories.mails(session, to=editor.email)
    assert owed.template == "editor_new_erratum"
    assert "instead of receives" in text_of(as_sent(session, owed))


def test_a_question_about_something_else_still_reaches_an_editor(session: Session) -> None:
    message = arrives(session, letter("How do I renew my subscription?", subject="A request"))
    [report] = message.reports
    assert message.kind is LetterKind.REPORT
    assert report.erratum is not None
    assert report.notes == "A request\n\nHow do I renew my subscription?"


def test_an_answer_to_a_newsletter_of_the_publication_is_a_new_report(session: Session) -> None:
    message = arrives(
        session,
        letter("You wrote recieves instead of receives.", subject="Re: This week", answers="<news7@list.test>"),
    )
    assert message.kind is LetterKind.REPORT
    assert message.reports[0].notes == "This week\n\nYou wrote recieves instead of receives."


def test_words_too_long_for_a_report_are_cut_and_stay_in_the_mail(session: Session) -> None:
    words = "All of it is wrong. " * 1000
    message = arrives(session, letter(words))
    assert len(message.reports[0].notes) == limits.NOTES
    assert message.raw is not None
    assert words.strip().encode() in message.raw


def test_what_cannot_be_taken_as_a_change_reaches_an_editor_as_it_was_written(session: Session) -> None:
    message = arrives(session, letter("“recieves” should be “recieves”"))
    [report] = message.reports
    assert "should be" in report.notes
    assert report.erratum is not None


def test_a_picture_is_kept_as_evidence_and_a_document_is_noted(session: Session) -> None:
    raw = "\r\n".join([
        f"From: {ANN}", "To: desk@tide.example.org", "Subject: see picture", "Message-ID: <p@readers.test>",
        "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "",
        "--b", "Content-Type: text/plain", "", "It is in the caption.",
        "--b", 'Content-Type: image/png; name="page.png"', "Content-Transfer-Encoding: base64", "", PICTURE,
        "--b", 'Content-Type: image/svg+xml; name="x.svg"', "Content-Disposition: attachment", "", "<svg/>",
        "--b", 'Content-Type: application/pdf; name="page.pdf"', "Content-Disposition: attachment", "", "%PDF",
        "--b--", "",
    ]).encode()  # fmt: skip
    message = arrives(session, raw)
    told = {one.name: (one.media_type, one.is_evidence) for one in message.attachments}
    assert told == {
        "page.png": ("image/png", True),
        "x.svg": ("image/svg+xml", False),
        "page.pdf": ("application/pdf", False),
    }
    assert [one.size for one in message.attachments if one.name == "page.png"] == [68]


def test_a_mail_of_a_picture_alone_reaches_an_editor(session: Session) -> None:
    raw = "\r\n".join([
        f"From: {ANN}", "To: desk@tide.example.org", "Message-ID: <p@readers.test>", "MIME-Version: 1.0",
        'Content-Type: image/png; name="page.png"', "Content-Transfer-Encoding: base64", "", PICTURE, "",
    ]).encode()  # fmt: skip
    message = arrives(session, raw)
    assert message.kind is LetterKind.REPORT
    assert message.reports[0].notes == "page.png"


def test_reading_a_mail_again_makes_nothing_new(session: Session, editor: Editor) -> None:
    message = arrives(session, letter())
    before = len(factories.mails(session)), session.scalars(select(Event.id)).all()
    with transaction():
        message.state = LetterState.WAITING
        incoming.read(session, message)
    assert (len(factories.mails(session)), session.scalars(select(Event.id)).all()) == before
    assert len(message.reports) == 1
    assert message.state is LetterState.READ
    assert factories.mails(session, to=editor.email)


def test_the_same_mail_delivered_twice_is_one_report(session: Session) -> None:
    raw = letter()
    arrives(session, raw)
    arrives(session, raw, way=Way.IMAP)
    assert len(session.scalars(select(Report)).all()) == 1
    assert len(factories.mails(session, to=ANN)) == 1


def test_an_erased_mail_is_not_read_again(session: Session) -> None:
    message = arrives(session, letter())
    with transaction():
        message.raw, message.state, message.read_at = None, LetterState.WAITING, None
        incoming.read(session, message)
    assert message.state is LetterState.READ
    assert len(message.reports) == 1


# What is decided already ----------------------------------------------------------------------------------------------


def test_who_reports_what_is_fixed_is_told_so_at_once_and_only_then(session: Session) -> None:
    first = arrives(session, letter("“recieves” should be “receives” in The ferry that crosses by moonlight"))
    with transaction():
        erratum = factories.fix(session, erratum_of(first))
        correction = factories.publish(session, erratum)
    raw = letter(
        "“recieves” should be “receives” in The ferry that crosses by moonlight", sender="Bob <bob@readers.test>"
    )
    again = arrives(session, raw, envelope_from="bob@readers.test")
    assert again.reports[0].erratum is erratum
    [owed] = factories.mails(session, to="bob@readers.test")
    text = text_of(as_sent(session, owed))
    assert "This has been corrected already" in text
    assert f"http://localhost/corrections/{correction.number}" in text
    assert "An editor will look at it" not in text


def test_who_reports_what_was_left_as_it_is_is_told_why(session: Session) -> None:
    words = "“recieves” should be “receives” in The ferry that crosses by moonlight"
    first = arrives(session, letter(words))
    with transaction():
        factories.reject(session, erratum_of(first), reason="It is a name.")
    again = arrives(session, letter(words, sender="bob@readers.test"), envelope_from="bob@readers.test")
    assert again.reports[0].erratum is first.reports[0].erratum
    [owed] = factories.mails(session, to="bob@readers.test")
    assert "It is a name." in text_of(as_sent(session, owed))


# The past -------------------------------------------------------------------------------------------------------------


def test_imported_mail_makes_reports_and_writes_to_nobody(session: Session, editor: Editor) -> None:
    message = arrives(session, letter(), way=Way.IMPORT)
    [report] = message.reports
    assert (report.channel, report.reporter_email, report.address) == (Channel.IMPORT, ANN, None)
    assert factories.mails(session) == []
    assert editor.active


# Held for screening ---------------------------------------------------------------------------------------------------


def test_what_looks_like_spam_is_held_visible_and_not_answered(session: Session) -> None:
    message = arrives(session, letter(headers=["X-Spam-Flag: YES"]))
    [report] = message.reports
    assert message.kind is LetterKind.SPAM
    assert (report.screening, report.screening_reason) == (Screening.HELD, "spam_mail")
    assert message.outcome == f"report {report.reference} is held for screening"
    assert factories.mails(session) == []


def test_more_mails_than_the_quota_of_one_sender_wait_for_screening(session: Session, app: Flask) -> None:
    app.config["REPORTS_PER_SENDER"] = 2
    kept = [arrives(session, letter(f"Paragraph {n} is wrong.")).reports[0].screening for n in range(4)]
    assert kept == [Screening.PASSED, Screening.PASSED, Screening.HELD, Screening.HELD]
    other = arrives(session, letter(sender="bob@readers.test"), envelope_from="bob@readers.test")
    assert other.reports[0].screening is Screening.PASSED


def test_the_address_of_the_sender_is_not_kept_in_the_clear_for_the_quota(session: Session) -> None:
    report = arrives(session, letter()).reports[0]
    assert report.sender
    assert ANN not in report.sender


def test_the_history_names_no_reader(session: Session) -> None:
    arrives(session, letter())
    labels = session.scalars(select(Event.label).where(Event.kind == EventKind.SUBMITTED)).all()
    assert labels == ["A reader"]
