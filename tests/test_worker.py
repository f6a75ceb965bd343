"""The worker: sends, writes digests, erases; waits cheaply, survives trouble, finishes what is in hand."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

import factories
import post_office
from conftest import Clock
from corrections import worker
from corrections.db import db, transaction
from corrections.mail import delivery
from corrections.models import Notify, OutboxMessage, Report
from corrections.services import editors, outbox
from corrections.worker import Signals, Worker
from ports import free_port
from post_office import PostOffice

ANN = "ann@readers.test"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.running(PostOffice()) as office:
        yield office


@pytest.fixture
def settings(settings: dict[str, Any], office: PostOffice) -> dict[str, Any]:
    return settings | {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": office.port,
        "MAIL_DEFAULT_SENDER": "corrections@newsroom.test",
        "MAIL_SUPPRESS_SEND": False,
    }


@pytest.fixture
def owe(app: Flask, clock: Clock) -> Callable[..., None]:
    def owed(count: int = 1) -> None:
        with app.app_context():
            factories.make_publication(db.session())
            with transaction() as session:
                for number in range(count):
                    facts = {"reference": "abc", "was": "teh", "now": "the"}
                    to = f"reader{number}@readers.test"
                    session.add(outbox.owe(session, None, to, "report_fixed", facts, at=clock.at))

    return owed


def look(app: Flask, hand: Worker | None = None) -> None:
    with app.app_context():
        (hand or Worker(app)).look()


def test_it_sends_what_is_owed(app: Flask, owe: Callable[..., None], office: PostOffice) -> None:
    owe(3)
    look(app)
    assert len(office.kept) == 3


def test_without_a_server_nothing_is_claimed(app: Flask, owe: Callable[..., None], office: PostOffice) -> None:
    app.config["MAIL_SERVER"] = None
    owe()
    look(app)
    with app.app_context():
        assert db.session.query(OutboxMessage.attempts).all() == [(0,)]
    assert office.asked == 0


def test_a_server_that_is_away_is_left_alone_for_a_while(
    app: Flask, owe: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["mail"].port = free_port()
    owe(5)
    hand, moment = Worker(app), 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    for _ in range(10):
        look(app, hand)
    with app.app_context():
        assert sorted(attempts for (attempts,) in db.session.query(OutboxMessage.attempts)) == [0, 0, 0, 0, 1]
    moment += worker.SERVER_AWAY[0]
    look(app, hand)
    with app.app_context():
        assert sorted(attempts for (attempts,) in db.session.query(OutboxMessage.attempts)) == [0, 0, 0, 1, 1]
    assert hand.mail_at == moment + worker.SERVER_AWAY[1]


def test_a_hundred_reports_of_one_error_are_one_mail_and_a_number_in_the_digest(
    app: Flask, office: PostOffice, clock: Clock
) -> None:
    with app.app_context():
        session = db.session()
        factories.make_publication(session)
        with transaction():
            factories.make_editor(session, email="now@newsroom.test", name="Now")
            later = factories.make_editor(session, email="later@newsroom.test", name="Later")
            editors.set_notices(later, Notify.HOURLY, [], factories.act(editor=later, at=clock.at))
            article = factories.make_article(session)
            factories.make_erratum(session, article=article.url, readers=100)
    hand = Worker(app)
    look(app, hand)
    assert [letter.recipient for letter in office.kept] == ["now@newsroom.test"]
    clock.advance(hours=1)
    look(app, hand)
    digest = office.kept[-1]
    assert digest.recipient == "later@newsroom.test"
    assert "100 reports" in digest.part("plain")
    assert str(digest.message["Subject"]) == "1 erratum was reported"
    clock.advance(hours=1)
    look(app, hand)
    assert len(office.kept) == 2, "nothing new, no digest"


def test_names_and_addresses_are_erased_when_they_were_kept_long_enough(app: Flask, clock: Clock) -> None:
    with app.app_context():
        session = db.session()
        factories.make_publication(session)
        with transaction():
            erratum = factories.make_erratum(session, readers=3, confirmed=ANN, name="Ann")
            factories.reject(session, erratum)
    clock.advance(days=app.config["KEEP_REPORTER_DAYS"] + 1)
    look(app)
    with app.app_context():
        kept = db.session.query(Report.reporter_email, Report.reporter_name).all()
        assert kept == [(None, None)] * 3


def test_an_idle_look_costs_a_query_for_mail_in_and_one_for_mail_out_and_no_lock(
    app: Flask, count_queries: Callable[[], Any]
) -> None:
    hand = Worker(app)
    look(app, hand)
    with count_queries() as queries:
        look(app, hand)
    assert len(queries) == 2
    assert all(statement.lstrip().startswith("SELECT") for statement in queries.statements)


def test_it_survives_a_database_that_is_away(
    app: Flask, owe: Callable[..., None], office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        if seconds:
            waits.append(seconds)
        if len(waits) == 3:
            monkeypatch.setattr(delivery, "anything_due", whole)
        return len(waits) > 4

    def broken(_: object) -> bool:
        return bool(db.session.execute(text("SELECT * FROM no_such_table")))

    whole = delivery.anything_due
    owe()
    monkeypatch.setattr(delivery, "anything_due", broken)
    Worker(app).run(wait)
    assert waits == [worker.POLL, *worker.TROUBLE[:2], worker.POLL, worker.POLL]
    assert len(office.kept) == 1


def test_a_mistake_in_one_duty_holds_no_other_up(
    app: Flask, owe: Callable[..., None], office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> int:
        raise ZeroDivisionError

    erased: list[Any] = []
    with app.app_context():
        session = db.session()
        factories.make_publication(session)
        with transaction():
            editor = factories.make_editor(session)
            editors.set_notices(editor, Notify.HOURLY, [], factories.act(at=clock.at))
    owe()
    clock.advance(hours=2)
    monkeypatch.setattr(worker.digests, "owe_digests", broken)
    monkeypatch.setattr(worker.housekeeping, "erase_what_is_old", lambda *given: erased.append(given) or 0)
    look(app)
    assert len(office.kept) == 1
    assert len(erased) == 1


def test_told_to_stop_in_the_middle_it_finishes_the_message_in_hand(
    app: Flask, owe: Callable[..., None], office: PostOffice
) -> None:
    office.seconds = 0.2
    owe(100)
    stop = threading.Event()
    thread = threading.Thread(target=Worker(app).run, args=(lambda seconds: stop.wait(min(seconds, 0.01)),))
    thread.start()
    while not office.kept:
        time.sleep(0.01)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert 0 < len(office.kept) < 100
    with app.app_context():
        assert db.session.query(OutboxMessage).filter(OutboxMessage.sent_at.is_not(None)).count() == len(office.kept)


def test_signals_wake_a_wait_at_once_and_are_told_apart() -> None:
    before = signal.getsignal(signal.SIGUSR1)
    with Signals(signal.SIGUSR1, signal.SIGUSR2) as signals:
        assert signals.wait(0) == set()
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        began = time.monotonic()
        assert signals.wait(120) == {signal.SIGUSR1}
        assert time.monotonic() - began < 60
        assert signals.wait(0) == set()
    assert signal.getsignal(signal.SIGUSR1) == before


def test_a_signal_does_not_cut_a_system_call_short() -> None:
    with Signals(signal.SIGUSR1):
        reading, writing = os.pipe()
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        threading.Timer(0.2, os.write, (writing, b"x")).start()
        assert select.select([reading], [], [], 5)[0]
        assert os.read(reading, 1) == b"x"
        os.close(reading)
        os.close(writing)
