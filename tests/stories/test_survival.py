"""Server and worker are killed again and again while readers write and the mail server refuses: nothing is lost.

A reader's program that gets no answer sends the same form again, as a browser does when its user presses reload.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from corrections.db import db
from corrections.domain import clock
from corrections.domain.letters import LetterState
from corrections.mail import delivery
from corrections.models import InboxMessage, OutboxMessage, Report
from ports import free_port
from post_office import SECONDS_TO_START
from running import wait_until

CLIENTS = 16
REPORTS = 200
KILLS = 10
LETTERS = 100
KILLS_OF_MAIL = 4
PATIENCE = 240


class RefusingEveryThird:
    """A mail server that refuses every third message and keeps the others."""

    def __init__(self) -> None:
        self.asked = 0
        self.kept: list[tuple[str, str]] = []

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.asked += 1
        if self.asked % 3 == 0:
            return "451 4.3.0 not now"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        found = re.search(rb"^Message-ID:\s*(<[^>]+>)", content, re.MULTILINE | re.IGNORECASE)
        self.kept.append((envelope.rcpt_tos[0], found[1].decode() if found else ""))
        return "250 kept"


@dataclass
class Desk:
    """An installation that is killed and started again."""

    instance: Path
    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def run(self, *words: str, said: str = "") -> None:
        subprocess.run([*self.command, *words], check=True, env=self.env, input=said.encode(), capture_output=True)

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "corrections", "--instance", str(self.instance)]

    def start(self) -> None:
        with (self.instance.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve", "--port", str(self.port)], env=self.env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.instance.parent / "serve.log").read_text())

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            line.request(method, path, urlencode(form) if form else None, kind)
            answer = line.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            line.close()


@dataclass
class Readers:
    """Sixteen programs that send reports and do not give up until each is acknowledged."""

    desk: Desk
    acknowledged: dict[int, str] = field(default_factory=dict)
    again: int = 0
    problems: list[str] = field(default_factory=list)

    def send(self, share: range) -> None:
        try:
            for number in share:
                self.acknowledged[number] = self.sent(number)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a thread must be seen by the test
            self.problems.append(repr(error))

    def sent(self, number: int) -> str:
        page = self.insist("GET", "/report")[2]
        token = re.search(r'name="token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="token"', page)
        assert token is not None, page
        form = {
            "token": token[1] or token[2],
            "article": f"The lighthouse, part {number % 10}",
            "original_text": f"Keeper number {number} climed",
            "corrected_text": f"Keeper number {number} climbed",
            "notes": "",
            "email": f"reader{number}@readers.test" if number % 4 == 0 else "",
        }
        status, location, body = self.insist("POST", "/report", form)
        assert status == 303, body
        return location.rpartition("/")[2]

    def insist(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self.desk.ask(method, path, form)
                if answer[0] != 503:
                    return answer
            except OSError:
                self.again += 1
            time.sleep(0.05)
        raise AssertionError(f"no answer to {method} {path}")


@pytest.fixture
def post_office(settings: dict[str, Any]) -> Iterator[RefusingEveryThird]:
    handler = RefusingEveryThird()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=SECONDS_TO_START)
    controller.start()
    settings |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port, "MAIL_DEFAULT_SENDER": "corrections@newsroom.test"}
    settings["MAIL_SUPPRESS_SEND"] = False  # Flask-Mail sends nothing in tests unless told to
    yield handler
    controller.stop()


@pytest.fixture
def desk(
    settings: dict[str, Any],
    instance: Path,
    tmp_path: Path,
    post_office: RefusingEveryThird,  # noqa: ARG001 - it says in the settings where it is
) -> Iterator[Desk]:
    port = free_port()
    names = ("SECRET_KEY", "SQLALCHEMY_DATABASE_URI", "MAIL_SERVER", "MAIL_PORT", "MAIL_DEFAULT_SENDER")
    env = {name: value for name, value in os.environ.items() if not name.startswith("CORRECTIONS_")}
    env |= {f"CORRECTIONS_{name}": str(settings[name]) for name in names}
    desk = Desk(instance, port, env)
    desk.run("init", "--publication", "The Lighthouse", "--home-url", "https://lighthouse.example/")
    words = ("editor", "add", "ed@newsroom.test", "--name", "Ed", "--role", "admin", "--password-stdin")
    desk.run(*words, said="correct horse battery staple")
    paragraphs = "\n\n".join(f"Keeper number {n} climed the stairs." for n in range(REPORTS))
    for part in range(10):
        (tmp_path / f"{part}.txt").write_text(f"The lighthouse, part {part}\n\n{paragraphs}\n")
    desk.run("articles", "import", *(str(tmp_path / f"{part}.txt") for part in range(10)))
    yield desk
    if desk.process is not None and desk.process.poll() is None:
        desk.process.send_signal(signal.SIGTERM)
        assert desk.process.wait(120) == 0


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_doubled(
    desk: Desk, post_office: RefusingEveryThird, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start()
    readers = Readers(desk)
    threads = [threading.Thread(target=readers.send, args=(range(n, REPORTS, CLIENTS),)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    while desk.kills < KILLS:
        time.sleep(0.4)
        desk.kill()
        desk.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert readers.problems == []
    assert len(readers.acknowledged) == REPORTS

    deliver_all(app, monkeypatch)
    with app.app_context():
        stored = Counter(db.session.scalars(sa.select(Report.corrected_text)))
        references = set(db.session.scalars(sa.select(Report.reference)))
        owed = db.session.execute(sa.select(OutboxMessage.message_id, OutboxMessage.sent_at)).all()
    assert stored == Counter(f"Keeper number {number} climbed" for number in range(REPORTS))
    assert set(readers.acknowledged.values()) == references

    kept = post_office.kept
    assert [row.message_id for row in owed if row.sent_at is None] == []
    lost = {row.message_id for row in owed} - {message_id for _, message_id in kept}
    assert lost == set(), f"{len(lost)} of {len(owed)} owed, {len(kept)} kept, {post_office.asked} asked"
    confirmations = {recipient for recipient, _ in kept if recipient.startswith("reader")}
    assert confirmations == {f"reader{number}@readers.test" for number in range(0, REPORTS, 4)}
    # Only a crash between the server's acceptance and our note of it may repeat a mail: at most one a kill.
    assert len(kept) - len({message_id for _, message_id in kept}) <= KILLS


def hand_over(port: int, numbers: range, problems: list[str]) -> None:
    """As mail servers do: each mail is offered again until it is taken."""
    for number in numbers:
        time.sleep(0.1)  # so that some come in each of its lives
        sender = f"reader{number % 20}@readers.test"
        mail = (
            f"From: {sender}\r\nTo: typos@newsroom.test\r\nSubject: typo\r\nMessage-ID: <{number}@readers.test>\r\n\r\n"
            f"In “The lighthouse, part 1”: “Keeper number {number} climed” should read “Keeper number {number} climbed”"
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with smtplib.LMTP("127.0.0.1", port, timeout=20) as line:
                    line.sendmail(sender, ["typos@newsroom.test"], mail.encode())
                break
            except (OSError, smtplib.SMTPException) as error:
                if time.monotonic() > deadline:
                    problems.append(repr(error))
                    return
                time.sleep(0.05)


@pytest.mark.slow
def test_mail_that_comes_in_is_a_report_once_and_answered_once(
    desk: Desk, post_office: RefusingEveryThird, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    desk.env["CORRECTIONS_MAIL_IN_LMTP"] = f"127.0.0.1:{port}"
    desk.start()
    problems: list[str] = []
    shares = [range(n, LETTERS, 4) for n in range(4)]
    threads = [threading.Thread(target=hand_over, args=(port, share, problems)) for share in shares]
    for thread in threads:
        thread.start()
    while desk.kills < KILLS_OF_MAIL:
        time.sleep(0.8)
        desk.kill()
        desk.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert problems == []

    def read() -> int:
        with app.app_context():
            states = Counter(db.session.scalars(sa.select(InboxMessage.state)))
        return states[LetterState.READ]

    wait_until(lambda: read() == LETTERS, PATIENCE)
    deliver_all(app, monkeypatch)
    with app.app_context():
        sources = Counter(db.session.scalars(sa.select(Report.source_id)))
        receipts = sa.select(OutboxMessage.recipient, OutboxMessage.message_id)
        owed = db.session.execute(receipts.where(OutboxMessage.template == "mail_received")).all()
    assert sources == Counter(f"{number}@readers.test" for number in range(LETTERS))
    assert sorted(row.recipient for row in owed) == sorted(f"reader{number}@readers.test" for number in range(20))
    kept = Counter(message_id for _, message_id in post_office.kept)
    assert {row.message_id for row in owed} <= kept.keys()
    assert kept.total() - len(kept) <= KILLS_OF_MAIL


def deliver_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for its next attempt would wait for minutes: the clock is set on instead."""
    for minutes in range(5, 200, 10):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        with app.app_context():
            delivery.deliver_due()
            if not db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.sent_at.is_(None))):
                return
