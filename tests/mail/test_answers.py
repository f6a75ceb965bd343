"""A reader's answer becomes a note on the report, and only the reader's own does."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.letters import LetterKind, LetterState
from corrections.domain.states import Move
from corrections.mail import answers, incoming, outgoing
from corrections.models import Event, EventKind, OutboxMessage, Publication, Report, Way
from corrections.services import reports, triage
from corrections.services.triage import Said
from letters import ANN, answer_to, arrives, as_sent, letter, text_of


@pytest.fixture(params=["plus", "pattern", "none"])
def reply_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The ways an installation can have answers come back."""
    return {
        "plus": {},
        "pattern": {"MAIL_REPLY_ADDRESS": "{token}@replies.tide.test"},
        "none": {"MAIL_PLUS_ADDRESSING": False},
    }[str(request.param)]


@pytest.fixture(autouse=True)
def _magazine(session: Session, publication: Publication, clock: Clock) -> None:  # noqa: ARG001 - the clock stands still
    with transaction():
        factories.make_article(session)


@pytest.fixture
def receipt(session: Session) -> OutboxMessage:
    """The receipt for a mail of Ann's."""
    arrives(session, letter())
    [owed] = factories.mails(session, to=ANN)
    return owed


def notes(session: Session) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.kind == EventKind.NOTED).order_by(Event.id)))


def only_report(session: Session) -> Report:
    return session.scalars(select(Report)).one()


@pytest.fixture
def app_with(app: Flask, reply_settings: dict[str, Any]) -> Flask:
    app.config.update(reply_settings)
    return app


@pytest.mark.usefixtures("app_with")
def test_an_answer_is_a_note_on_the_report(session: Session, receipt: OutboxMessage) -> None:
    message = arrives(session, answer_to(session, receipt, "It is in the printed edition.\n\n> Thank you\n"))
    report = only_report(session)
    [note] = notes(session)
    assert (message.kind, message.outcome) == (LetterKind.REPLY, f"a note on report {report.reference}")
    assert (note.report, note.erratum, note.note) == (report, report.erratum, "It is in the printed edition.")
    assert (note.label, note.editor_id, note.channel) == ("The reporter", None, "mail")
    assert len(factories.mails(session, to=ANN)) == 1, "an answer is not answered"


@pytest.mark.usefixtures("app_with")
def test_a_stranger_who_answers_becomes_a_new_report(session: Session, receipt: OutboxMessage) -> None:
    raw = answer_to(session, receipt, "I found another one.", sender="eve@elsewhere.test")
    message = arrives(session, raw, envelope_from="eve@elsewhere.test")
    assert message.kind is LetterKind.REPORT
    assert notes(session) == []
    assert [report.reporter_email for report in session.scalars(select(Report).order_by(Report.id))] == [
        ANN,
        "eve@elsewhere.test",
    ]


def test_knowing_the_number_is_not_enough(session: Session, receipt: OutboxMessage) -> None:
    number, reference = receipt.facts["number"], receipt.facts["reference"]
    raw = letter(
        f"About erratum {number}, report {reference}: it is fine.",
        sender="eve@elsewhere.test",
        subject=f"Re: erratum {number}",
        answers=receipt.thread,
    )
    assert arrives(session, raw, envelope_from="eve@elsewhere.test").kind is LetterKind.REPORT
    assert notes(session) == []


def test_a_forged_answer_of_the_reader_joins_nothing(session: Session, receipt: OutboxMessage, app: Flask) -> None:
    app.config["MAIL_TRUSTED_AUTHSERV"] = "mx.tide.test"
    raw = answer_to(session, receipt, "Forget it.", headers=["Authentication-Results: mx.tide.test; dmarc=fail"])
    assert arrives(session, raw).kind is LetterKind.REPORT
    assert notes(session) == []


def test_a_token_of_another_key_is_none(session: Session, receipt: OutboxMessage) -> None:
    to = str(as_sent(session, receipt)["Reply-To"])
    raw = letter("Hello.", to=to.replace("+r", "+ra"))
    assert arrives(session, raw, envelope_to=(to.replace("+r", "+ra"),)).kind is LetterKind.REPORT
    assert notes(session) == []


def test_the_address_counts_in_the_envelope_too_and_in_any_letters(session: Session, receipt: OutboxMessage) -> None:
    to = str(as_sent(session, receipt)["Reply-To"])
    arrives(session, letter("From a list of hidden names."), envelope_to=(to.upper(),))
    assert [note.note for note in notes(session)] == ["From a list of hidden names."]


def test_the_answer_to_a_question_reaches_who_asked_and_who_looks_after_it(session: Session) -> None:
    with transaction():
        ed = factories.make_editor(session, email="ed@newsroom.test", name="Ed")
        factories.make_editor(session, email="off@newsroom.test").active = False
    arrives(session, letter())
    erratum = session.scalars(select(Report)).one().erratum
    assert erratum is not None
    with transaction():
        act = factories.act(editor=ed)
        triage.move(session, erratum, Move.ASK, act, Said(reason="Which edition?"))
    question = factories.mails(session, to=ANN, template="report_question")[0]
    assert "Simply answer this mail." in text_of(as_sent(session, question))
    arrives(session, answer_to(session, question, "The printed one of 4 May."))
    [told] = factories.mails(session, template="editor_answer")
    mail = as_sent(session, told)
    assert told.recipient == ed.email
    assert "has answered your question" in text_of(mail)
    assert "The printed one of 4 May." in text_of(mail)
    assert "4 May" not in str(mail["Subject"])


def test_who_looks_after_it_is_told_whatever_else_they_are_told_of(session: Session, receipt: OutboxMessage) -> None:
    with transaction():
        hourly = factories.make_editor(session, email="hourly@newsroom.test")
        hourly.notify = hourly.notify.HOURLY
        erratum = only_report(session).erratum
        assert erratum is not None
        triage.assign(session, erratum, hourly, factories.act(Role.ADMIN))
    arrives(session, answer_to(session, receipt, "One more thing."))
    assert [mail.recipient for mail in factories.mails(session, template="editor_answer")] == [hourly.email]


def test_editors_are_not_flooded_by_a_machine_that_answers(session: Session, receipt: OutboxMessage) -> None:
    with transaction():
        factories.make_editor(session, email="ed@newsroom.test")
    for n in range(answers.TOLD + 3):
        arrives(session, answer_to(session, receipt, f"Thought no. {n}"))
    assert len(notes(session)) == answers.TOLD + 3
    assert len(factories.mails(session, template="editor_answer")) == answers.TOLD


def test_who_took_the_report_back_or_was_forgotten_is_a_stranger(session: Session, receipt: OutboxMessage) -> None:
    raw = answer_to(session, receipt, "Me again.")
    with transaction():
        reports.erase_reporter(session, only_report(session), reports.reader())
    assert arrives(session, raw).kind is LetterKind.REPORT
    assert notes(session) == []


def test_reading_an_answer_again_notes_it_once(session: Session, receipt: OutboxMessage) -> None:
    message = arrives(session, answer_to(session, receipt, "One more thing."))
    with transaction():
        message.state = LetterState.WAITING
        incoming.read(session, message)
    assert len(notes(session)) == 1
    assert message.state is LetterState.READ


def test_an_imported_answer_is_noted_and_nobody_is_written_to(session: Session, receipt: OutboxMessage) -> None:
    with transaction():
        factories.make_editor(session, email="ed@newsroom.test")
    arrives(session, answer_to(session, receipt, "One more thing."), way=Way.IMPORT)
    assert len(notes(session)) == 1
    assert factories.mails(session, template="editor_answer") == []


def test_the_note_is_for_the_desk_only(session: Session, receipt: OutboxMessage, app: Flask) -> None:
    arrives(session, answer_to(session, receipt, "My number is 555-0100."))
    page = app.test_client().get(f"/reports/{only_report(session).reference}")
    assert page.status_code == 200
    assert "555-0100" not in page.text


def test_the_note_follows_the_report_to_where_it_was_merged(session: Session, receipt: OutboxMessage) -> None:
    with transaction():
        other = factories.make_erratum(session, quote="the the", corrected_text="the")
        triage.merge(session, only_one(session, receipt), other, factories.act(Role.EDITOR))
    arrives(session, answer_to(session, receipt, "One more thing."))
    assert notes(session)[-1].erratum is other


def only_one(session: Session, receipt: OutboxMessage) -> Any:
    report = session.scalars(select(Report).where(Report.reference == receipt.facts["reference"])).one()
    return report.erratum


def test_a_picture_alone_is_noted_by_its_name(session: Session, receipt: OutboxMessage) -> None:
    raw = answer_to(session, receipt, "iVBORw0KGgo=").replace(
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit",
        b'Content-Type: image/png; name="page.png"\r\nContent-Transfer-Encoding: base64',
    )
    arrives(session, raw)
    assert [note.note for note in notes(session)] == ["page.png"]


def test_nobody_but_the_one_who_gets_a_mail_sees_its_signed_address(receipt: OutboxMessage) -> None:
    assert outgoing.render(receipt).headers["Reply-To"] == "desk+…@tide.example.org"
