"""Mail that comes in is stored once and durably, then read, each mail by itself."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import factories
from conftest import NOON, Clock
from corrections.db import db, transaction
from corrections.domain import limits
from corrections.domain.errors import IllegalMove
from corrections.domain.letters import LetterKind, LetterState
from corrections.mail import incoming, parse, receiving
from corrections.models import InboxMessage, Publication, Report, Way
from corrections.services import inbox
from invented_mail import letter
from processes import at_once


@pytest.fixture(autouse=True)
def _magazine(session: Session, publication: Publication) -> None:  # noqa: ARG001 - what comes in is for a publication
    with transaction():
        factories.make_article(session)


def stored(session: Session) -> list[InboxMessage]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


def test_what_is_taken_is_stored_byte_for_byte_with_its_envelope(session: Session, clock: Clock) -> None:
    raw = letter() + b"\xff\x00\r\n bytes of all kinds"
    assert receiving.take(raw, Way.LMTP, envelope_from="", envelope_to=["typos@newsroom.test"])
    (message,) = stored(session)
    assert (message.raw, message.size, message.way) == (raw, len(raw), Way.LMTP)
    assert (message.envelope_from, message.envelope_to) == ("", ["typos@newsroom.test"])
    assert (message.state, message.received_at) == (LetterState.WAITING, clock.at)


def test_the_same_mail_by_another_way_is_known(session: Session) -> None:
    assert receiving.take(letter(), Way.PIPE)
    again = b"Received: from mx by us\r\n" + letter().replace(b"\n", b"\r\n")
    assert not receiving.take(again, Way.IMAP)
    assert receiving.take(letter(2), Way.IMAP)
    assert len(stored(session)) == 2


def test_without_a_message_id_all_but_the_traces_tells_mails_apart(session: Session) -> None:
    def nameless(text: bytes, trace: bytes = b"") -> bytes:
        return trace + b"From: ann@readers.test\nSubject: typo\n\n" + text

    assert receiving.take(nameless(b"teh -> the\n"), Way.PIPE)
    assert not receiving.take(nameless(b"teh -> the\n\n", b"Delivered-To: typos@newsroom.test\n"), Way.PIPE)
    assert not receiving.take(nameless(b"teh -> the").replace(b"\n", b"\r\n"), Way.LMTP)
    assert receiving.take(nameless(b"teh -> thee\n"), Way.PIPE)
    assert len(stored(session)) == 2


def test_nothing_and_too_much_are_refused_and_odd_addresses_are_not(session: Session) -> None:
    with pytest.raises(receiving.NoMail):
        receiving.take(b" \r\n\n", Way.PIPE)
    with pytest.raises(receiving.TooLarge):
        receiving.take(b"x" * (limits.MAIL_BYTES + 1), Way.PIPE)
    assert receiving.take(
        letter(), Way.LMTP, envelope_from="x" * 400, envelope_to=["\udcff\0@newsroom.test", "y" * 999]
    )
    (message,) = stored(session)
    assert (message.envelope_from, message.envelope_to) == (None, ["?@newsroom.test"])


def test_the_same_mail_at_the_same_moment_in_several_processes_is_stored_once(database: str, session: Session) -> None:
    code = """
from corrections.mail import receiving
from corrections.models import Way
for number in range(10):
    print(receiving.take(b"Message-ID: <m%d@readers.test>\\n\\nteh -> the" % number, Way.LMTP))
"""
    said = at_once(code, database, times=4)
    assert sum(line == "True" for lines in said for line in lines) == 10
    assert sum(line == "False" for lines in said for line in lines) == 30
    assert len(stored(session)) == 10


def test_reading_makes_a_report_of_it_and_reading_again_makes_nothing_twice(app: Flask, session: Session) -> None:
    receiving.take(letter(), Way.LMTP)
    assert receiving.read_waiting() == 1
    (message,) = stored(session)
    assert (message.state, message.kind, message.from_address) == (
        LetterState.READ, LetterKind.REPORT, "ann1@readers.test"
    )  # fmt: skip
    assert receiving.read_waiting() == 0
    with transaction():
        message.state = LetterState.WAITING
    assert receiving.read_waiting() == 1
    assert session.scalar(select(func.count()).select_from(Report)) == 1
    assert app.name


def broken_for(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = incoming.read

    def read(session: Session, message: InboxMessage) -> None:
        whole(session, message)
        if message.id == number:
            session.flush()
            raise RuntimeError("ann@readers.test wrote recieves")

    monkeypatch.setattr(incoming, "read", read)


def test_one_that_cannot_be_read_holds_no_other_up_and_fails_visibly_after_some_attempts(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    receiving.take(letter(1), Way.LMTP)
    receiving.take(letter(2), Way.LMTP)
    first, _ = stored(session)
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        broken_for(first.id, patch)
        assert receiving.read_waiting() == 1
        for attempt in range(2, limits.READ_ATTEMPTS + 1):
            assert [one.state for one in stored(session)] == [LetterState.WAITING, LetterState.READ]
            assert receiving.read_waiting() == 0
            assert stored(session)[0].attempts == attempt
        assert receiving.read_waiting() == 0
    first, second = stored(session)
    assert (first.state, first.kind, first.raw) == (LetterState.FAILED, None, letter(1))
    assert session.scalar(select(func.count()).select_from(Report)) == 1, "what was half done is undone"
    assert not any("readers.test" in record.getMessage() for record in caplog.records)
    with transaction():
        inbox.revive(first)
        with pytest.raises(IllegalMove):
            inbox.revive(second)
    assert receiving.read_waiting() == 1
    assert stored(session)[0].state is LetterState.READ


def test_the_first_mail_of_a_process_is_counted_before_it_is_read_for_one_may_have_killed_the_last(
    database: str, session: Session
) -> None:
    receiving.take(letter(1), Way.LMTP)
    receiving.take(letter(2), Way.LMTP)
    deadly = """
import os
from corrections.mail import incoming, receiving
whole = incoming.read
def read(session, message):
    if b"<m1@" in message.raw:
        os._exit(0)
    whole(session, message)
incoming.read = read
receiving.read_waiting()
print("survived", flush=True)
"""
    assert at_once(deadly, database, times=1) == [[]]
    (first, _) = stored(session)
    assert (first.attempts, first.state) == (1, LetterState.WAITING)
    with transaction():
        first.attempts = limits.READ_ATTEMPTS
    assert at_once(deadly, database, times=1) == [["survived"]]
    assert [one.state for one in stored(session)] == [LetterState.FAILED, LetterState.READ]


def test_a_database_that_is_away_uses_up_no_attempt(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    receiving.take(letter(), Way.LMTP)

    def away(*_: object, **__: object) -> None:
        session.execute(text("SELECT * FROM no_such_table"))

    with monkeypatch.context() as patch:
        patch.setattr(incoming, "read", away)
        patch.setattr(inbox, "note_failure", away)
        with pytest.raises(Exception, match="no_such_table"):
            receiving.read_waiting()
    session.rollback()
    receiving.read_waiting()
    assert stored(session)[0].state is LetterState.READ


def test_many_hands_read_each_mail_once(app: Flask, session: Session) -> None:
    for number in range(12):
        receiving.take(letter(number), Way.LMTP)
    counts: list[int] = []

    def read() -> None:
        with app.app_context():
            counts.append(receiving.read_waiting())
            db.session.remove()

    hands = [threading.Thread(target=read) for _ in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    while receiving.read_waiting():
        pass  # one that another hand held was passed over
    assert sum(counts) <= 12
    assert {one.state for one in stored(session)} == {LetterState.READ}
    assert session.scalar(select(func.count()).select_from(Report)) == 12


def test_what_waits_is_found_by_its_index(session: Session, database: str) -> None:
    receiving.take(letter(), Way.LMTP, at=NOON - timedelta(days=3))
    if database.startswith("sqlite"):
        query = select(InboxMessage.id).where(receiving._WAITING, InboxMessage.id > 0).order_by(InboxMessage.id)
        words = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        (plan,) = session.execute(text(f"EXPLAIN QUERY PLAN {words}")).all()
        assert "ix_inbox_message_waiting" in plan.detail
    assert stored(session)[0].received_at == NOON - timedelta(days=3)


def test_others_can_write_while_a_mail_is_understood(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    receiving.take(letter(1), Way.LMTP)
    whole = parse.parse

    def slowly(raw: bytes) -> parse.Parsed:
        with monkeypatch.context() as patch:
            patch.setattr(parse, "parse", whole)
            with Session(db.engine) as other:
                inbox.store(other, letter(2), Way.LMTP, NOON)
                other.commit()
        return whole(raw)

    monkeypatch.setattr(parse, "parse", slowly)
    assert receiving.read_waiting(stop=lambda: len(stored(session)) > 1) == 1
    assert [one.state for one in stored(session)] == [LetterState.READ, LetterState.WAITING]


@pytest.mark.database("sqlite")  # PostgreSQL locks the row of the mail while it is read
def test_a_mail_that_another_hand_read_meanwhile_is_left_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    receiving.take(letter(), Way.LMTP)
    (message,) = stored(session)
    whole = parse.parse

    def slowly(raw: bytes) -> parse.Parsed:
        with monkeypatch.context() as patch:
            patch.setattr(parse, "parse", whole)
            with Session(db.engine) as other:
                incoming.read(other, other.get_one(InboxMessage, message.id))
                other.commit()
        return whole(raw)

    monkeypatch.setattr(parse, "parse", slowly)
    assert receiving.read_waiting() == 0
    (message,) = stored(session)
    assert message.state is LetterState.READ
    assert not caplog.records, "it is no failure"
    assert session.scalar(select(func.count()).select_from(Report)) == 1
