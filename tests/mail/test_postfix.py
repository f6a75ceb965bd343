"""Mail as Postfix takes it and keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

import factories
import postfix_server
from corrections.db import db, transaction
from corrections.domain.actors import Role
from corrections.mail import delivery
from corrections.services import reports
from postfix_server import PostfixServer

pytestmark = [pytest.mark.mailserver, pytest.mark.slow]


@pytest.fixture(scope="module")
def postfix() -> Iterator[PostfixServer]:
    """Postfix on loopback: mailboxes at newsroom.test and readers.test."""
    server = postfix_server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(settings: dict[str, Any], postfix: PostfixServer) -> dict[str, Any]:
    return settings | {
        "MAIL_SERVER": "localhost",
        "MAIL_PORT": postfix.port,
        "MAIL_USE_TLS": True,
        "MAIL_DEFAULT_SENDER": "corrections@newsroom.test",
        "MAIL_SUPPRESS_SEND": False,
    }


def test_editor_and_reader_get_their_mail_in_one_thread(session: Session, postfix: PostfixServer) -> None:
    key = secrets.token_hex(4)  # the mailboxes are all tests' own
    ann, ed = f"ann{key}@readers.test", f"ed{key}@newsroom.test"
    factories.make_publication(session, name="Der „Abend“ – Kärnten", home_url="https://tide.test/")
    with transaction():
        factories.make_editor(session, Role.EDITOR, email=ed)
        factories.make_article(session, title="Die Fähre – «nachts»")
        report = factories.make_report(session, email=ann, article="Die Fähre – «nachts»")
    assert delivery.deliver_due().sent == 2
    (new,) = postfix.inbox(ed, 1)
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
    asked, received, fixed = postfix.inbox(ann, 3)
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
