"""Mail is carried to a real SMTP server: all of it, in the end, and none of it twice."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import post_office
from conftest import Clock
from corrections.db import db, transaction
from corrections.domain import limits
from corrections.logs import JsonFormatter
from corrections.mail import delivery
from corrections.mail.connection import Connection
from corrections.models import OutboxMessage
from corrections.services import outbox, reports
from factories import make_report
from ports import free_port
from post_office import PostOffice


def row(key: int) -> OutboxMessage:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(OutboxMessage, key)


def test_what_is_due_is_sent_over_one_connection_and_marked(
    owe: Callable[..., list[int]], office: PostOffice, clock: Clock
) -> None:
    keys = owe(5)
    assert delivery.deliver_due() == delivery.Tally(sent=5)
    assert [letter.recipient for letter in office.kept] == [f"reader{n}@readers.test" for n in range(5)]
    assert len(office.peers) == 1
    assert {row(key).sent_at for key in keys} == {clock.at}
    assert [letter.message_id for letter in office.kept] == [row(key).message_id for key in keys]
    assert delivery.deliver_due() == delivery.Tally()


def test_what_is_refused_waits_longer_each_time_and_arrives_in_the_end(
    owe: Callable[..., list[int]], office: PostOffice, clock: Clock
) -> None:
    office.answer = post_office.every_third_refused
    keys = owe(7)
    assert delivery.deliver_due() == delivery.Tally(sent=5, waiting=2)
    refused = [key for key in keys if row(key).sent_at is None]
    assert [row(key).last_error for key in refused] == ["The mail server answered: 451 4.3.0 not now"] * 2
    assert {row(key).due_at for key in refused} == {clock.at + limits.RETRY_PAUSES[0]}
    assert len(office.peers) == 1, "a refusal is no reason to hang up"
    for _ in range(5):
        clock.advance(hours=9)
        delivery.deliver_due()
    assert all(row(key).sent_at for key in keys)
    assert len({letter.message_id for letter in office.kept}) == len(office.kept) == 7


def test_after_three_days_it_is_given_up(owe: Callable[..., list[int]], office: PostOffice, clock: Clock) -> None:
    office.answer = lambda *_: "550 5.7.1 we do not like you"
    (key,) = owe()
    for _ in range(20):
        delivery.deliver_due()
        clock.advance(limits.RETRY_PAUSES[-1])
    assert row(key).failed_at is not None
    assert row(key).last_error == "The mail server answered: 550 5.7.1 we do not like you"
    assert clock.at - row(key).owed_at > limits.GIVE_UP_AFTER
    asked = office.asked
    delivery.deliver_due()
    assert office.asked == asked


def test_an_address_that_the_server_does_not_know(owe: Callable[..., list[int]]) -> None:
    known, unknown = *owe(), *owe(to="nobody@readers.test")
    assert delivery.deliver_due() == delivery.Tally(sent=1, waiting=1)
    assert row(unknown).last_error == "The mail server refused the address: 550 5.1.1 no such user here"
    assert row(known).sent_at is not None


@pytest.mark.usefixtures("office")
def test_a_mail_that_cannot_be_made_holds_nothing_up(
    owe: Callable[..., list[int]], caplog: pytest.LogCaptureFixture
) -> None:
    broken, *_ = owe(template="no_such_template"), owe(3)
    assert delivery.deliver_due() == delivery.Tally(sent=3, failed=1)
    assert row(broken[0]).failed_at is not None
    assert "mistake of the program" in row(broken[0]).last_error
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("corrections")]
    assert ours  # the server of this test has a log of its own
    assert not any("reader0@" in line for line in ours)


@pytest.mark.parametrize("address", ["ann@example.org", "ann@mail.example.com", "ann@tide.example", "ann@x.invalid"])
def test_nothing_is_sent_to_an_invented_address(
    owe: Callable[..., list[int]], office: PostOffice, address: str
) -> None:
    (key,) = owe(to=address)
    assert delivery.deliver_due() == delivery.Tally(failed=1)
    assert office.asked == 0
    assert "exists in examples only" in row(key).last_error


def test_a_server_that_cannot_be_reached_costs_one_attempt_of_one_message(
    owe: Callable[..., list[int]], app: Flask
) -> None:
    app.config["MAIL_PORT"] = app.extensions["mail"].port = free_port()
    keys = owe(3)
    tally = delivery.deliver_due()
    assert (tally.sent, tally.waiting, tally.failed) == (0, 1, 0)
    assert "cannot be reached: Connection refused" in tally.unreachable
    assert [row(key).attempts for key in keys] == [1, 0, 0]
    assert row(keys[0]).last_error == tally.unreachable


def test_a_server_that_hangs_up_is_called_again(owe: Callable[..., list[int]], office: PostOffice) -> None:
    office.hang_up = lambda number: number == 2
    keys = owe(4)
    assert delivery.deliver_due() == delivery.Tally(sent=3, waiting=1)
    assert row(keys[1]).last_error == "The mail server closed the connection."
    assert len(office.peers) == 2


def test_a_slow_server_is_not_waited_for_longer_than_the_lease_allows(
    owe: Callable[..., list[int]], office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TIME_FOR_ONE", 0.5)
    office.seconds = 120
    (key,) = owe()
    began = time.monotonic()
    tally = delivery.deliver_due()
    assert time.monotonic() - began < 60
    assert (tally.sent, tally.waiting) == (0, 1)
    assert row(key).last_error == "The mail server took too long to answer."


def test_time_for_one_ends_well_before_the_lease() -> None:
    assert timedelta(seconds=delivery.TIME_FOR_ONE) <= limits.LEASE * 0.9


def test_what_is_in_hand_is_finished_when_told_to_stop(owe: Callable[..., list[int]]) -> None:
    keys = owe(3)
    answers = iter([False, True])
    assert delivery.deliver_due(lambda: next(answers)) == delivery.Tally(sent=1)
    assert [row(key).attempts for key in keys] == [1, 0, 0]


@pytest.mark.usefixtures("publication")
def test_two_at_once_send_each_message_once(app: Flask, owe: Callable[..., list[int]], office: PostOffice) -> None:
    office.seconds = 0.05
    owe(30)
    tallies: list[delivery.Tally] = []

    def work() -> None:
        with app.app_context():
            tallies.append(delivery.deliver_due())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tally.sent for tally in tallies) == 30
    assert min(tally.sent for tally in tallies) > 0
    assert len({letter.message_id for letter in office.kept}) == len(office.kept) == 30


def test_a_crash_after_the_server_took_it_repeats_the_same_mail(
    owe: Callable[..., list[int]], office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException): ...

    def crash(*_: Any) -> None:
        raise Crash

    (key,) = owe()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "mark_sent", crash)
        with pytest.raises(Crash):
            delivery.deliver_due()
    assert delivery.deliver_due() == delivery.Tally(), "leased: nobody else takes it yet"
    clock.advance(limits.LEASE)
    assert delivery.deliver_due() == delivery.Tally(sent=1)
    assert [letter.message_id for letter in office.kept] == [row(key).message_id] * 2


@pytest.mark.usefixtures("publication")
def test_a_message_whose_address_was_erased_while_in_hand_is_forgotten(session: Session, office: PostOffice) -> None:
    with transaction():
        report = make_report(session, email="ann@readers.test")
    reference = report.reference

    def erase_and_refuse(*_: Any) -> str:
        with transaction() as other:
            reports.erase_reporter(other, reports.by_reference(other, reference), reports.reader())
        return "451 later"

    office.answer = lambda *_: "451 later"
    carrier = delivery.Carrier()
    letter = delivery._claimed()
    assert letter is not None
    erase_and_refuse()
    with carrier:
        tally = delivery.Tally()
        delivery._deliver(carrier, letter, tally)
    assert tally == delivery.Tally(waiting=1)
    session.expire_all()
    assert session.scalars(select(OutboxMessage)).all() == []


def test_logs_tell_no_address(
    owe: Callable[..., list[int]], office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office.answer = post_office.every_third_refused
    owe(3, was="a secret quote")
    owe(to="nobody@readers.test")
    delivery.deliver_due()
    ours = [record for record in caplog.records if not record.name.startswith("mail.")]  # that is the test's server
    told = "\n".join(map(JsonFormatter().format, ours))
    assert '"message": "mail sent"' in told
    assert "readers.test" not in told
    assert "secret" not in told


def test_it_logs_in_when_told_to(app: Flask, owe: Callable[..., list[int]]) -> None:
    mail = app.extensions["mail"]
    mail.username, mail.password = "corrections", "right"
    with post_office.running(PostOffice(), auth_require_tls=False) as guarded:
        app.config["MAIL_PORT"] = mail.port = guarded.port
        owe()
        assert delivery.deliver_due() == delivery.Tally(sent=1)
        mail.password = "wrong"
        owe()
        tally = delivery.deliver_due()
    assert set(guarded.logged_in) == {b"corrections"}
    assert tally.unreachable.startswith("The mail server answered: 535")


def test_the_deadline_holds_for_a_connection_too(app: Flask) -> None:
    with app.app_context(), Connection(time.monotonic() + 1) as connection:
        connection.keep_to(time.monotonic() - 1)
        assert connection.host is not None
        with pytest.raises(TimeoutError):
            connection.host.noop()
