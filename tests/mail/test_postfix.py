"""Mail as Postfix takes it and Dovecot keeps it: needs a script that starts both, named by the environment."""

from __future__ import annotations

import email
import email.policy
import imaplib
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

import factories
from corrections.db import db, transaction
from corrections.domain.actors import Role
from corrections.mail import delivery
from corrections.services import reports

SERVICES = "CORRECTIONS_TEST_SERVICES"
WHY = f"{SERVICES} names no folder with mail.sh, which starts Postfix and Dovecot"

pytestmark = [pytest.mark.mailserver, pytest.mark.slow]


@pytest.fixture(scope="session")
def mail_system() -> Iterator[dict[str, str]]:
    """Postfix and Dovecot on loopback: mailboxes at newsroom.test and readers.test."""
    script = Path(FOLDER or "/") / "mail.sh"
    if not script.is_file():
        pytest.skip(WHY)
    said = subprocess.run([script, "start"], check=True, capture_output=True, text=True).stdout
    values = dict(word.split("=", 1) for line in said.splitlines() for word in shlex.split(line))
    yield values
    subprocess.run([script, "stop", values["MAIL_DIR"]], check=True, capture_output=True)


FOLDER = os.environ.get(SERVICES, "")  # read before the tests take all settings out of the environment


@pytest.fixture
def settings(settings: dict[str, Any], mail_system: dict[str, str]) -> dict[str, Any]:
    return settings | {
        "MAIL_SERVER": "localhost",
        "MAIL_PORT": int(mail_system["SMTP_PORT"]),
        "MAIL_USE_TLS": True,
        "MAIL_DEFAULT_SENDER": "corrections@newsroom.test",
        "MAIL_SUPPRESS_SEND": False,
    }


def inbox(system: dict[str, str], address: str, count: int) -> list[EmailMessage]:
    """The mails of a mailbox, oldest first, once so many are there."""
    deadline = time.monotonic() + 30
    while True:
        with imaplib.IMAP4("127.0.0.1", int(system["IMAP_PORT"])) as box:
            box.login(address, system["MAIL_PASSWORD"])
            box.select()
            keys = box.search(None, "ALL")[1][0].split()
            if len(keys) >= count or time.monotonic() > deadline:
                return [_read(box, key) for key in keys]
        time.sleep(0.2)


def _read(box: imaplib.IMAP4, key: bytes) -> EmailMessage:
    found = box.fetch(key.decode(), "(RFC822)")[1][0]
    assert isinstance(found, tuple)
    message = email.message_from_bytes(found[1], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_editor_and_reader_get_their_mail_in_one_thread(session: Session, mail_system: dict[str, str]) -> None:
    ann, ed = f"ann{os.getpid()}@readers.test", f"ed{os.getpid()}@newsroom.test"
    factories.make_publication(session, name="Der „Abend“ – Kärnten", home_url="https://tide.test/")
    with transaction():
        factories.make_editor(session, Role.EDITOR, email=ed)
        factories.make_article(session, title="Die Fähre – «nachts»")
        report = factories.make_report(session, email=ann, article="Die Fähre – «nachts»")
    assert delivery.deliver_due().sent == 2
    (new,) = inbox(mail_system, ed, 1)
    assert new["Subject"] == f"Erratum {report.erratum.number}: “Die Fähre – «nachts»”"
    assert new["From"].addresses[0].display_name == "Der „Abend“ – Kärnten"
    assert new["Auto-Submitted"] == "auto-generated"
    plain = new.get_body(("plain",))
    assert plain is not None
    assert "*recieves*" in plain.get_content()
    with transaction():
        reports.confirm_contact(session, report, ann, reports.reader())
        factories.fix(session, report.erratum)
    assert delivery.deliver_due().sent == 2
    asked, received, fixed = inbox(mail_system, ann, 3)
    assert "confirm" in asked["Subject"]
    assert received["References"] == fixed["References"] == new["References"]
    assert fixed["Subject"].startswith("Corrected, thank you")
    db.session.remove()


def test_an_address_elsewhere_is_refused_and_tried_again(session: Session) -> None:
    factories.make_publication(session)
    with transaction():
        factories.make_report(session, email="somebody@elsewhere.test")
    assert delivery.deliver_due() == delivery.Tally(waiting=1)
    (message,) = factories.mails(session)
    session.refresh(message)
    assert message.last_error.startswith("The mail server refused the address: 554")
