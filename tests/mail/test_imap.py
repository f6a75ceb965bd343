"""A mailbox of Dovecot: what comes is stored, then moved to a folder, and nothing is deleted."""

from __future__ import annotations

import imaplib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import dovecot_server
from corrections.db import db
from corrections.domain import limits
from corrections.mail import imap, intake
from corrections.mail.imap import Mailbox, NoMailbox
from corrections.models import InboxMessage, Way
from dovecot_server import DovecotServer
from invented_mail import letter
from running import wait_until

pytestmark = [pytest.mark.imapserver, pytest.mark.slow]

SOON = 45.0  # seconds; below the time of a poll


@pytest.fixture(scope="module")
def dovecot() -> Iterator[DovecotServer]:
    server = dovecot_server.start()
    yield server
    server.stop()


@pytest.fixture
def user() -> str:
    return f"typos{secrets.token_hex(4)}@newsroom.test"


@pytest.fixture
def settings(settings: dict[str, Any], dovecot: DovecotServer, user: str) -> dict[str, Any]:
    return settings | {
        "MAIL_IN_IMAP": f"imaps://{user}@localhost:{dovecot.tls_port}/INBOX",
        "MAIL_IN_IMAP_PASSWORD": dovecot_server.PASSWORD,
    }


@contextmanager
def watching(app: Flask) -> Iterator[threading.Event]:
    """A mailbox that is watched; set when something was stored."""
    told, stored = threading.Event(), threading.Event()
    mailbox = Mailbox(app, stored.set)
    thread = threading.Thread(target=intake.persist, args=(lambda: mailbox.watch(told.is_set), told))
    thread.start()
    try:
        yield stored
    finally:
        told.set()
        thread.join(60)
        assert not thread.is_alive()


def kept(session: Session) -> list[InboxMessage]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


def test_what_is_there_is_stored_as_it_is_and_moved_unread(
    app: Flask, session: Session, dovecot: DovecotServer, user: str
) -> None:
    dovecot.deliver(user, letter(1), letter(2))
    assert Mailbox(app).take_once() == 2
    assert Mailbox(app).take_once() == 0
    assert [(one.raw, one.way) for one in kept(session)] == [
        (letter(n).replace(b"\n", b"\r\n"), Way.IMAP) for n in (1, 2)
    ]
    assert (dovecot.count(user), dovecot.count(user, "Handled", "UNSEEN")) == (0, 2)


def test_mail_that_comes_while_it_is_watched_is_there_at_once(
    app: Flask, session: Session, dovecot: DovecotServer, user: str
) -> None:
    dovecot.deliver(user, letter(1))
    with watching(app) as stored:
        assert stored.wait(SOON)
        wait_until(lambda: dovecot.count(user) == 0)
        stored.clear()
        time.sleep(0.5)  # by now it idles
        began = time.monotonic()
        dovecot.deliver(user, letter(2))
        assert stored.wait(SOON)
        assert time.monotonic() - began < SOON
    assert len(kept(session)) == 2
    assert dovecot.count(user, "Handled") == 2


def test_a_connection_that_ends_is_made_again_and_what_came_meanwhile_is_taken(
    app: Flask, session: Session, dovecot: DovecotServer, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[imaplib.IMAP4] = []
    box_of = imap.Address.box

    def box(self: imap.Address) -> Any:
        made = box_of(self)
        opened.append(made.client)
        return made

    monkeypatch.setattr(imap.Address, "box", box)
    dovecot.deliver(user, letter(1))
    with watching(app) as stored:
        assert stored.wait(SOON)
        time.sleep(0.5)
        stored.clear()
        opened[0].sock.shutdown(2)
        dovecot.deliver(user, letter(2))
        assert stored.wait(SOON)
    assert len(opened) == 2
    assert len(kept(session)) == 2


def test_after_a_crash_between_storing_and_moving_the_mail_is_moved_and_stored_once(
    app: Flask, session: Session, dovecot: DovecotServer, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(user, letter(1))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Mailbox, "_put_away", crash)
        Mailbox(app).take_once()
    assert dovecot.count(user) == len(kept(session)) == 1
    assert Mailbox(app).take_once() == 1
    assert (dovecot.count(user), dovecot.count(user, "Handled"), len(kept(session))) == (0, 1, 1)


def test_while_the_database_is_away_the_mail_stays_where_it_is(
    app: Flask, session: Session, dovecot: DovecotServer, user: str
) -> None:
    def rename(old: str, new: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))

    session.rollback()
    dovecot.deliver(user, letter(1))
    rename("inbox_message", "gone")
    with pytest.raises(sa.exc.DBAPIError):
        Mailbox(app).take_once()
    assert dovecot.count(user) == 1
    rename("gone", "inbox_message")
    assert Mailbox(app).take_once() == 1
    assert len(kept(session)) == 1


def test_two_at_once_take_each_mail_once(app: Flask, session: Session, dovecot: DovecotServer, user: str) -> None:
    with watching(app), watching(app):
        dovecot.deliver(user, *map(letter, range(10)))
        wait_until(lambda: dovecot.count(user) == 0)
    assert session.scalar(select(func.count()).select_from(InboxMessage)) == 10
    wait_until(lambda: dovecot.count(user, "Handled") >= 10)  # one hand may still be moving what the other moved too


def test_what_is_too_large_stays_and_the_rest_is_taken(
    app: Flask, session: Session, dovecot: DovecotServer, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAIL_BYTES", 5_000)
    dovecot.deliver(user, letter(1), letter(2, text="x" * 6_000), letter(3))
    assert Mailbox(app).take_once() == 2
    assert (dovecot.count(user), dovecot.count(user, "Handled"), len(kept(session))) == (1, 2, 2)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"MAIL_IN_IMAP_PASSWORD": "wrong"}, "refuses the name or the password"),
        ({"MAIL_IN_IMAP_HANDLED": "INBOX"}, "the folder that mail is fetched from"),
        ({"MAIL_IN_IMAP": "imaps://typos@localhost:1"}, "cannot be reached: Connection refused"),
    ],
    ids=["password", "folder", "server"],
)
def test_what_is_wrong_is_said_in_a_sentence(app: Flask, change: dict[str, str], why: str) -> None:
    app.config |= change
    with pytest.raises(NoMailbox, match=why):
        Mailbox(app).take_once()


def test_a_folder_that_is_not_there_is_said_to_be_missing(app: Flask) -> None:
    app.config["MAIL_IN_IMAP"] = app.config["MAIL_IN_IMAP"].replace("/INBOX", "/Typos")
    with pytest.raises(NoMailbox, match="has no such folder"):
        Mailbox(app).take_once()


def test_a_certificate_is_checked_unless_it_is_of_this_machine(
    app: Flask, dovecot: DovecotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The home-made one of the tests would not do elsewhere."""
    monkeypatch.setattr("corrections.mail.connection.THIS_MACHINE", frozenset())
    with pytest.raises(NoMailbox, match="certificate"):
        Mailbox(app).take_once()
    monkeypatch.setattr("corrections.mail.imap.THIS_MACHINE", frozenset())
    app.config["MAIL_IN_IMAP"] = f"imap://typos@localhost:{dovecot.port}"  # then it has to be STARTTLS
    with pytest.raises(NoMailbox, match="certificate"):
        Mailbox(app).take_once()


def test_a_server_of_old_gets_the_mail_copied_and_marked_and_nothing_is_expunged(
    app: Flask, session: Session, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows neither MOVE nor UIDPLUS nor IDLE."""
    monkeypatch.setattr(imap, "POLL", 1.0)
    server = dovecot_server.start(dovecot_server.OF_OLD)
    app.config["MAIL_IN_IMAP"] = f"imap://{user}@127.0.0.1:{server.port}"
    try:
        server.deliver(user, letter(1), letter(2))
        with server.opened(user) as client:
            client.store("2", "+FLAGS", "\\Deleted")  # by somebody else, who may want it back
        with watching(app) as stored:
            assert stored.wait(SOON)
            stored.clear()
            server.deliver(user, letter(3))
            assert stored.wait(SOON)
        assert (server.count(user), server.count(user, which="DELETED"), server.count(user, "Handled")) == (3, 3, 2)
        assert len(kept(session)) == 2
    finally:
        server.stop()


def test_stopping_does_not_wait_for_the_next_mail(app: Flask) -> None:
    with watching(app):
        time.sleep(1)
        began = time.monotonic()
    assert time.monotonic() - began < SOON
