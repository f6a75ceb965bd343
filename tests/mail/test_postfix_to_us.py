"""Mail from Postfix to our listener: whatever happens to us in between, it arrives, and once."""

from __future__ import annotations

import fcntl
import re
import signal
import smtplib
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import factories
import postfix_server
from corrections.db import transaction
from corrections.models import InboxMessage, Report
from invented_mail import letter
from ports import free_port
from postfix_server import PostfixServer
from running import Installation, wait_until

pytestmark = [pytest.mark.mailserver, pytest.mark.slow, pytest.mark.database("sqlite")]

TO = "typos@corrections.test"


@pytest.fixture(scope="module")
def port() -> int:
    """Where our listener is, whenever it runs."""
    return free_port()


@pytest.fixture(scope="module")
def postfix(port: int) -> Iterator[PostfixServer]:
    server = postfix_server.start(port)
    yield server
    server.stop()


class Listening:
    """``corrections mail lmtp`` as a process that may be killed and started again."""

    def __init__(self, here: Installation, port: int) -> None:
        self.here, self.port = here, port
        self.process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        words = self.here.command("mail", "lmtp", "--listen", f"127.0.0.1:{self.port}")
        self.process = subprocess.Popen(
            words, env=self.here.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("Mail is taken by LMTP")

    def end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def ours(database: str, instance: Path, session: Session, port: int) -> Iterator[Listening]:
    factories.make_publication(session)
    with transaction():
        factories.make_article(session)
    session.rollback()
    listening = Listening(Installation(instance, {"SQLALCHEMY_DATABASE_URI": database}), port)
    yield listening
    listening.end(signal.SIGTERM)


def send(postfix: PostfixServer, number: int) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail("ann@readers.test", [TO], letter(number).replace(b"\n", b"\r\n"))


def is_held(lock: Path) -> bool:
    """Whether somebody has begun to write, or waits to."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def count(session: Session, what: type[InboxMessage | Report]) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(what)) or 0


def test_killed_between_the_mail_and_its_commit_we_get_it_again_and_have_it_once(
    postfix: PostfixServer, ours: Listening, session: Session, instance: Path
) -> None:
    session.rollback()
    path = instance / "corrections.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    send(postfix, 1)
    wait_until(lambda: is_held(path.with_name(path.name + ".lock")))
    ours.end(signal.SIGKILL)
    other.execute("ROLLBACK")
    other.close()
    assert count(session, InboxMessage) == 0
    wait_until(lambda: "status=deferred" in postfix.log)
    ours.start()
    wait_until(lambda: count(session, Report) == 1)
    wait_until(lambda: not postfix.queue)
    time.sleep(1)
    assert (count(session, InboxMessage), count(session, Report)) == (1, 1)


def test_while_the_database_is_away_postfix_hears_451_and_delivers_later(
    postfix: PostfixServer, ours: Listening, session: Session, instance: Path
) -> None:
    session.rollback()
    other = sqlite3.connect(instance / "corrections.sqlite", isolation_level=None)
    other.execute("ALTER TABLE inbox_message RENAME TO unplugged")
    send(postfix, 3)
    wait_until(lambda: re.search(r"status=deferred \(host 127\.0\.0\.1\S* said: 451 4\.3\.0", postfix.log))
    other.execute("ALTER TABLE unplugged RENAME TO inbox_message")
    other.close()
    wait_until(lambda: count(session, Report) == 1)
    wait_until(lambda: not postfix.queue)
    assert ours.process is not None
    assert count(session, InboxMessage) == 1
