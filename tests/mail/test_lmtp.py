"""The listener: real conversations by LMTP and SMTP, in which 250 is said of nothing that is not stored."""

from __future__ import annotations

import smtplib
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.db import db
from corrections.domain import limits
from corrections.mail import addresses, intake
from corrections.mail.addresses import ReplyTo
from corrections.mail.lmtp import Listener
from corrections.models import InboxMessage, Way
from invented_mail import letter as invented

ANN = "ann1@readers.test"
OURS = "typos@newsroom.test"


def letter(number: int = 1) -> bytes:
    """A mail with the line ends that it has on the wire."""
    return invented(number).replace(b"\n", b"\r\n")


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"MAIL_IN_ADDRESSES": [OURS, "@corrections.test"]}


@contextmanager
def listening(app: Flask, *, smtp: bool = False) -> Iterator[tuple[int, list[float]]]:
    """The port, and the moments at which something was stored."""
    line, stored = intake.socket_at("127.0.0.1:0"), list[float]()
    listener = Listener(app, [line], lambda: stored.append(time.monotonic()), intake.recipients_of(app), smtp)
    listener.start()
    try:
        yield line.getsockname()[1], stored
    finally:
        listener.stop()


def kept(session: Session) -> list[InboxMessage]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


def test_a_mail_to_two_of_us_and_a_stranger_gets_an_answer_for_each(app: Flask, session: Session) -> None:
    with listening(app) as (port, stored), smtplib.LMTP("127.0.0.1", port) as client:
        refused = client.sendmail(ANN, [OURS, "boss@newsroom.test"], letter())
        assert refused == {"boss@newsroom.test": (550, b"5.1.1 No such address here")}
        client.mail("")
        for address in (OURS, "boss@newsroom.test", "desk@corrections.test"):
            client.rcpt(address)
        assert client.data(letter(2)) == (250, b"2.0.0 Stored")
        assert client.getreply() == (250, b"2.0.0 Stored"), "the second of those that were taken"
    first, second = kept(session)
    assert first.raw == letter()
    assert (first.envelope_from, first.envelope_to, first.way) == (ANN, [OURS], Way.LMTP)
    assert (second.envelope_from, second.envelope_to) == ("", [OURS, "desk@corrections.test"])
    assert len(stored) == 2


@pytest.mark.parametrize("smtp", [False, True], ids=["lmtp", "smtp"])
def test_lines_of_any_kind_arrive_as_they_were_sent(app: Flask, session: Session, *, smtp: bool) -> None:
    bodies = [
        b".",
        b"..\r\n.x\r\n...",
        b"x" * 300_000,
        b"end.",
        b"\xff\xfe 8 bit",
        b"lone \n and \r here",
        b"a\r\n\r\n.\r\nb",
    ]
    with listening(app, smtp=smtp) as (port, _):
        client = (smtplib.SMTP if smtp else smtplib.LMTP)("127.0.0.1", port)
        for number, body in enumerate(bodies):
            client.ehlo()
            client.mail(ANN)
            client.rcpt(OURS)
            client.putcmd("data")
            assert client.getreply()[0] == 354
            whole = b"Message-ID: <%d@readers.test>\r\n\r\n%b\r\n" % (number, body)
            client.send(whole.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            assert client.getreply() == (250, b"2.0.0 Stored")
        client.quit()
    assert [one.raw.partition(b"\r\n\r\n")[2] for one in kept(session)] == [body + b"\r\n" for body in bodies]


def test_a_mail_that_is_empty_or_too_large_is_refused_for_each_recipient(app: Flask, session: Session) -> None:
    with listening(app) as (port, _), smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo()
        for body, code in ((b"x" * 998 + b"\r\n") * (limits.MAIL_BYTES // 1000 + 1), 552), (b"", 554):
            client.mail(ANN)
            client.rcpt(OURS)
            client.rcpt("desk@corrections.test")
            client.putcmd("data")
            client.getreply()
            client.send(body + b".\r\n")
            assert [client.getreply()[0] for _ in range(2)] == [code, code]
        assert client.mail(ANN, [f"SIZE={limits.MAIL_BYTES + 1}"])[0] == 552
        assert client.sendmail(ANN, [OURS], letter()) == {}
    assert len(kept(session)) == 1


def test_addresses_with_plus_and_signed_ones_are_ours(app: Flask) -> None:
    accepts = intake.recipients_of(app)
    signed = addresses.token(ReplyTo(report="0a" * 12), app.config["SECRET_KEY"])
    forged = addresses.token(ReplyTo(report="0a" * 12), "another key")
    wanted = {
        OURS: True, "TYPOS@Newsroom.TEST": True, "typos+anything@newsroom.test": True, "any@corrections.test": True,
        f"elsewhere+{signed}@mail.test": True, f"elsewhere+{forged}@mail.test": False, "typo@newsroom.test": False,
        "typos": False, "typos@evil.test": False,
    }  # fmt: skip
    assert {address: accepts(address) for address in wanted} == wanted
    app.config["MAIL_IN_ADDRESSES"] = []
    assert intake.recipients_of(app)("anybody@anywhere.test")


@pytest.mark.database("sqlite")
def test_250_is_said_only_after_the_commit(app: Flask, session: Session, database: str) -> None:
    """Another connection holds the write lock: there is no answer until it lets go."""
    path = sa.make_url(database).database
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    released: list[float] = []

    def release() -> None:
        time.sleep(0.5)
        released.append(time.monotonic())
        other.execute("ROLLBACK")

    with listening(app) as (port, stored), smtplib.LMTP("127.0.0.1", port) as client:
        thread = threading.Thread(target=release)
        thread.start()
        client.sendmail(ANN, [OURS], letter())
        answered = time.monotonic()
        thread.join()
    other.close()
    assert released[0] <= stored[0] <= answered
    assert len(kept(session)) == 1


def test_a_database_that_is_away_means_later_for_each_recipient_and_then_it_is_taken(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(old: str, new: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))

    with listening(app) as (port, stored), smtplib.LMTP("127.0.0.1", port) as client:
        rename("inbox_message", "gone")
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(ANN, [OURS], letter())
        assert refused.value.smtp_code == 451
        assert "cannot be stored" in caplog.text
        rename("gone", "inbox_message")
        assert client.sendmail(ANN, [OURS], letter()) == {}
    assert len(stored) == len(kept(session)) == 1


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing_and_disturbs_nobody(app: Flask, session: Session) -> None:
    with listening(app) as (port, _):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(
                b"LHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<typos@newsroom.test>\r\nDATA\r\nSubject: half a ma"
            )
            time.sleep(0.1)
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail(ANN, [OURS], letter())
    assert [one.raw for one in kept(session)] == [letter()]


def test_who_wrote_to_whom_is_not_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"), listening(app) as (port, _), smtplib.LMTP("127.0.0.1", port) as client:
        client.sendmail(ANN, [OURS], letter())
        client.docmd("BOGUS", ANN)
    assert ANN not in caplog.text
    assert OURS not in caplog.text


def test_it_stops_while_clients_are_connected(app: Flask) -> None:
    with listening(app) as (port, _):
        client = smtplib.LMTP("127.0.0.1", port)
        client.ehlo()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.noop()
    client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_socket_left_behind_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90) / "mail.sock"  # longer than the address of a socket may be
    deep.parent.mkdir()
    intake.socket_in_file(deep).close()
    line = intake.socket_in_file(deep)
    assert deep.stat().st_mode & 0o777 == 0o600
    line.close()
    other = tmp_path / "precious"
    other.write_text("not a socket")
    with pytest.raises(OSError, match="in use"):
        intake.socket_in_file(other)
    assert other.read_text() == "not a socket"


def test_several_clients_at_once_all_get_their_mail_stored(app: Flask, session: Session) -> None:
    def send(first: int) -> None:
        with smtplib.LMTP("127.0.0.1", port) as client:
            for number in range(first, first + 10):
                client.sendmail(ANN, [OURS], letter(number))

    with listening(app) as (port, _):
        clients = [threading.Thread(target=send, args=(10 * n,)) for n in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    assert len(kept(session)) == 40
    assert db.session.scalar(select(sa.func.count(sa.distinct(InboxMessage.key)))) == 40
