"""An editor's answer acts as at the desk, when it is certain who wrote it; and nobody else's does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain.actors import Channel, Role
from corrections.domain.letters import LetterKind
from corrections.domain.states import Move, Resolution, Status
from corrections.mail import outgoing
from corrections.models import Editor, Erratum, Event, OutboxMessage, Publication, Report, Way
from corrections.services import triage
from corrections.services.triage import Said
from letters import ANN, answer_to, arrives, as_sent, letter, text_of

ED = "ed@newsroom.test"
PASS = "Authentication-Results: mx.tide.test; dkim=pass header.d=newsroom.test"


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Mail comes in, so answers are asked to a signed address."""
    return settings | {"MAIL_IN_ADDRESSES": ["desk@tide.example.org"]}


@pytest.fixture
def editor(session: Session, publication: Publication, clock: Clock) -> Editor:  # noqa: ARG001 - the clock stands still
    with transaction():
        factories.make_article(session)
        return factories.make_editor(session, email=ED, name="Ed")


@pytest.fixture
def erratum(session: Session, editor: Editor) -> Erratum:  # noqa: ARG001 - is told of it
    with transaction():
        return factories.make_erratum(session, confirmed=ANN)


@pytest.fixture
def told(session: Session, erratum: Erratum) -> OutboxMessage:  # noqa: ARG001 - what it is about
    """The mail by which the editor heard of it."""
    [owed] = factories.mails(session, to=ED, template="editor_new_erratum")
    return owed


def order(session: Session, told: OutboxMessage, words: str, **changes: Any) -> Any:
    changes = {"sender": f"Ed <{ED}>"} | changes
    return arrives(session, answer_to(session, told, words, **changes), envelope_from=ED)


def last(session: Session) -> OutboxMessage:
    return factories.mails(session, to=ED)[-1]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ("verify", Status.VERIFIED, "is verified"),
        ("fix", Status.FIXED, "is marked as fixed"),
        ("fix: takes", Status.FIXED, "is marked as fixed"),
        ("reject not an error: It is a name.", Status.REJECTED, "closed without a change"),
        ("hold: until the photo is back", Status.HELD, "on hold"),
        ("ask: Which edition?", Status.NEEDS_INFO, "on its way"),
        ("note: Ask Marta", Status.REPORTED, "note on erratum"),
        ("assign me", Status.REPORTED, "is yours"),
    ],
)
def test_an_order_is_carried_out_and_acknowledged(
    session: Session, erratum: Erratum, told: OutboxMessage, editor: Editor, words: str, status: Status, says: str
) -> None:
    message = order(session, told, f"{words}\n\n-- \nEd, newsroom")
    assert erratum.status is status
    assert message.kind is LetterKind.COMMAND
    assert message.outcome == f"done: {words.split(':', maxsplit=1)[0].split(maxsplit=1)[0]} erratum {erratum.number}"
    event = session.scalars(select(Event).where(Event.editor_id == editor.id).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.channel, event.label) == (Channel.MAIL, "Ed")
    mail = as_sent(session, last(session))
    assert last(session).template == "command_done"
    assert says in text_of(mail)
    assert f"http://localhost/desk/errata/{erratum.number}" in text_of(mail)
    assert str(mail["Auto-Submitted"]) == "auto-replied"
    assert str(mail["In-Reply-To"]) == message.message_id


def test_the_reader_hears_of_what_was_ordered(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    order(session, told, "fix: takes")
    assert erratum.corrected_text == "takes"
    [owed] = factories.mails(session, to=ANN, template="report_fixed")
    assert "takes" in text_of(as_sent(session, owed))


def test_a_rejection_gives_the_reader_the_reason(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    order(session, told, "reject not an error: It is\na name.")
    assert erratum.resolution is Resolution.NOT_AN_ERROR
    [owed] = factories.mails(session, to=ANN, template="report_rejected")
    assert "It is a name." in text_of(as_sent(session, owed))


def test_a_duplicate_is_merged_and_can_be_parted_again(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    with transaction():
        other = factories.make_erratum(session, quote="the the", corrected_text="the")
    order(session, told, f"duplicate of {other.number}")
    assert (erratum.status, erratum.merged_into) == (Status.MERGED, other)
    assert f"with erratum {other.number} now" in text_of(as_sent(session, last(session)))
    with transaction():
        triage.unmerge(session, erratum, factories.act(Role.EDITOR))
    assert (erratum.status, erratum.report_count) == (Status.REPORTED, 1)


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("verify", Move.HOLD),
        ("fix", Move.REOPEN),
        ("reject wont fix", Move.REOPEN),
        ("hold: x", Move.VERIFY),
        ("ask: x", Move.VERIFY),
    ],
)
def test_each_order_has_a_way_back_at_the_desk(
    session: Session, erratum: Erratum, told: OutboxMessage, words: str, back: Move
) -> None:
    order(session, told, words)
    with transaction():
        triage.move(session, erratum, back, factories.act(Role.EDITOR), Said(reason="too soon"))
    assert erratum.status in {Status.VERIFIED, Status.HELD}


# Refused, with the reason ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("duplicate of 4711", "There is no erratum with this number."),
        ("duplicate", "Give the number of the other one"),
        ("reject", "Say why it is not changed"),
        ("ask:", "Write the question that the reader should answer."),
        ("hold", "Say until when it waits, or for what."),
        ("note", "The note is empty."),
        pytest.param(f"fix: {'word ' * 1_001}", "The corrected text has at most 5000 characters.", id="too long"),
        ("Looks fine to me", "not one of the words that are understood here"),
        ("", "not one of the words that are understood here"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    session: Session, erratum: Erratum, told: OutboxMessage, words: str, why: str
) -> None:
    message = order(session, told, words)
    assert erratum.status is Status.REPORTED
    assert (message.kind, message.reason) == (LetterKind.COMMAND, "an answer to a mail of ours")
    assert last(session).template == "command_refused"
    text = text_of(as_sent(session, last(session)))
    assert why in text
    assert "changed nothing" in text


def test_what_is_not_understood_is_answered_with_what_would_be(session: Session, told: OutboxMessage) -> None:
    order(session, told, "Looks fine to me")
    text = text_of(as_sent(session, last(session)))
    assert "reject not an error" in text
    assert "duplicate of 12" in text
    order(session, told, "help")
    shown = as_sent(session, last(session))
    assert "What you can say about erratum" in str(shown["Subject"])
    assert "changed nothing" not in text_of(shown)


def test_a_move_that_does_not_exist_is_refused(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    with transaction():
        factories.reject(session, erratum)
    order(session, told, "verify")
    assert erratum.status is Status.REJECTED
    assert "is not possible from" in text_of(as_sent(session, last(session)))


def test_a_role_reaches_by_mail_as_far_as_at_the_desk(session: Session, editor: Editor, told: OutboxMessage) -> None:
    with transaction():
        editor.role = Role.TRIAGER
    message = order(session, told, "fix")
    assert message.outcome.startswith("refused: fix")
    assert "Your role does not allow" in text_of(as_sent(session, last(session)))


def test_what_was_edited_since_is_not_fixed_blindly(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    with transaction():
        triage.edit(session, erratum, factories.act(Role.ADMIN), corrected_text="something else")
    order(session, told, "fix")
    assert erratum.status is Status.REPORTED
    assert "It was edited after the mail that you answer" in text_of(as_sent(session, last(session)))
    order(session, told, "fix: receives")
    assert (erratum.status, erratum.corrected_text) == (Status.FIXED, "receives")


# Not believed ---------------------------------------------------------------------------------------------------------


def test_an_order_from_another_address_does_nothing_and_only_the_editor_hears(
    session: Session, erratum: Erratum, told: OutboxMessage
) -> None:
    before = len(factories.mails(session))
    for _ in range(2):
        raw = answer_to(session, told, "fix", sender="eve@elsewhere.test")
        message = arrives(session, raw, envelope_from="eve@elsewhere.test")
        assert message.kind is LetterKind.COMMAND
    assert erratum.status is Status.REPORTED
    [mail] = factories.mails(session)[before:]
    assert (mail.recipient, mail.template) == (ED, "command_refused")
    assert "It did not come from your address" in text_of(as_sent(session, mail))


def test_a_colleague_who_answers_a_forwarded_mail_becomes_a_report(session: Session, told: OutboxMessage) -> None:
    raw = answer_to(session, told, "I think the caption is wrong as well.", sender="col@newsroom.test")
    message = arrives(session, raw, envelope_from="col@newsroom.test")
    assert message.kind is LetterKind.REPORT
    assert len(session.scalars(select(Report)).all()) == 2


@pytest.mark.parametrize(
    ("result", "done"),
    [
        ("dkim=pass header.d=newsroom.test", True),
        ("spf=pass smtp.mailfrom=newsroom.test", True),
        ("dkim=pass header.d=elsewhere.test", False),
        ("dkim=fail; spf=fail", False),
        ("", False),
    ],
)
def test_where_a_server_is_trusted_its_word_is_needed(
    session: Session, app: Flask, erratum: Erratum, told: OutboxMessage, result: str, done: bool
) -> None:
    app.config["MAIL_TRUSTED_AUTHSERV"] = "mx.tide.test"
    before = len(factories.mails(session))
    message = order(session, told, "verify", headers=[f"Authentication-Results: mx.tide.test; {result}"])
    assert (erratum.status is Status.VERIFIED) is done
    assert message.kind is LetterKind.COMMAND
    assert {mail.recipient for mail in factories.mails(session)[before:]} == {ED}
    if not done:
        assert "did not vouch for it" in text_of(as_sent(session, last(session)))


def test_a_pass_that_the_sender_wrote_is_not_believed(
    session: Session, app: Flask, erratum: Erratum, told: OutboxMessage
) -> None:
    app.config["MAIL_TRUSTED_AUTHSERV"] = "mx.tide.test"
    order(session, told, "verify", headers=["Authentication-Results: mx.tide.test; dkim=fail", PASS])
    assert erratum.status is Status.REPORTED


def test_without_the_signed_address_nothing_is_ordered(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    order(session, told, "verify", to="desk@tide.example.org")
    assert erratum.status is Status.REPORTED
    assert "not sent to the address that your mail asks answers to" in text_of(as_sent(session, last(session)))


def test_without_signed_addresses_the_servers_word_is_enough(session: Session, app: Flask, erratum: Erratum) -> None:
    app.config.update(MAIL_PLUS_ADDRESSING=False, MAIL_TRUSTED_AUTHSERV="mx.tide.test")
    [told] = factories.mails(session, to=ED, template="editor_new_erratum")
    assert "+" not in str(as_sent(session, told)["Reply-To"])
    order(session, told, "verify", headers=[PASS])
    assert erratum.status is Status.VERIFIED


def test_who_left_orders_nothing(session: Session, erratum: Erratum, editor: Editor, told: OutboxMessage) -> None:
    with transaction():
        editor.active = False
    before = len(factories.mails(session))
    order(session, told, "verify")
    assert erratum.status is Status.REPORTED
    assert len(factories.mails(session)) == before


def test_an_imported_order_is_not_carried_out(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    message = arrives(session, answer_to(session, told, "fix", sender=ED), way=Way.IMPORT)
    assert erratum.status is Status.REPORTED
    assert (message.kind, message.outcome) == (LetterKind.COMMAND, "an order in imported mail is not carried out")


def test_a_machine_that_answers_for_the_editor_is_told_once(
    session: Session, told: OutboxMessage, clock: Clock
) -> None:
    for _ in range(10):
        order(session, last(session), "I read my mail on Fridays.")
        clock.advance(timedelta(hours=2))
    assert len(factories.mails(session, template="command_refused")) == 1
    assert told.template == "editor_new_erratum"


def test_a_note_of_absence_is_no_order(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    message = order(session, told, "verify", headers=["Auto-Submitted: auto-replied"])
    assert message.kind is LetterKind.AUTOREPLY
    assert erratum.status is Status.REPORTED


def test_orders_are_read_once(session: Session, erratum: Erratum, told: OutboxMessage) -> None:
    raw = answer_to(session, told, "note: Ask Marta", sender=ED, message_id="<o@newsroom.test>")
    for way in (Way.LMTP, Way.IMAP):
        arrives(session, raw, way=way)
    noted = session.scalars(select(Event).where(Event.note == "Ask Marta")).all()
    assert len(noted) == 1
    assert erratum.status is Status.REPORTED


def test_others_at_the_desk_do_not_see_what_acts_for_an_editor(told: OutboxMessage) -> None:
    shown = outgoing.render(told)
    assert "/desk/act/" not in shown.text + shown.html
    assert "links that act for the editor who gets it" in shown.text
    assert shown.headers["Reply-To"] == "desk+…@tide.example.org"


def test_a_new_mail_from_an_editor_is_a_readers(session: Session, editor: Editor) -> None:
    assert arrives(session, letter("verify", sender=ED), envelope_from=ED).kind is LetterKind.REPORT
    assert editor.active
