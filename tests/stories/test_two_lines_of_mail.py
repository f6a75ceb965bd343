"""Two lines of e-mail, all the way: Postfix hands them to a running service, and both sides are told by mail."""

from __future__ import annotations

import json
import secrets
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
import postfix_server
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.models import Event
from ports import free_port
from postfix_server import PostfixServer
from running import Installation, Server, wait_until

pytestmark = [pytest.mark.mailserver, pytest.mark.slow]

TYPOS = "typos@corrections.test"


@pytest.fixture(scope="module")
def lmtp_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def postfix(lmtp_port: int) -> Iterator[PostfixServer]:
    server = postfix_server.start(lmtp_port)
    yield server
    server.stop()


@pytest.fixture
def people() -> tuple[str, str]:
    """A reader and an editor, whose mailboxes no other test uses."""
    key = secrets.token_hex(4)
    return f"ann{key}@readers.test", f"ed{key}@newsroom.test"


@pytest.fixture
def server(
    database: str, instance: Path, session: Session, postfix: PostfixServer, lmtp_port: int, people: tuple[str, str]
) -> Iterator[Server]:
    """``corrections serve`` with mail in and out, an article with two errors and one editor."""
    factories.make_publication(session, reply_address=TYPOS)
    with transaction():
        factories.make_editor(session, Role.EDITOR, email=people[1])
        factories.make_article(session)
    session.rollback()
    settings = {
        "SQLALCHEMY_DATABASE_URI": database,
        "MAIL_SERVER": "localhost",
        "MAIL_PORT": postfix.port,
        "MAIL_DEFAULT_SENDER": TYPOS,
        "MAIL_IN_LMTP": f"127.0.0.1:{lmtp_port}",
    }
    with Installation(instance, settings).serving() as running:
        yield running


def send(postfix: PostfixServer, message: EmailMessage, sender: str) -> None:
    message["From"] = sender
    message["Message-ID"] = f"<{secrets.token_hex(8)}@{sender.rpartition('@')[2]}>"
    message["Date"] = formatdate()
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.send_message(message, sender)


def written(to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    message.set_content(text)
    return message


def answering(received: EmailMessage, text: str) -> EmailMessage:
    """An answer as a mail program makes it: to where the mail says, with what it answers quoted below."""
    body = received.get_body(("plain",))
    assert body is not None
    quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
    message = written(received["Reply-To"], f"Re: {received['Subject']}", f"{text}\n\nOn Monday you wrote:\n{quoted}")
    message["In-Reply-To"] = received["Message-ID"]
    message["References"] = received["Message-ID"]
    return message


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def reports_of(server: Server) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.installation.must("reports", "export", "--json").splitlines()]


def test_a_reader_writes_two_lines_an_editor_answers_fix_and_the_reader_is_told(
    server: Server, postfix: PostfixServer, people: tuple[str, str]
) -> None:
    ann, ed = people
    send(postfix, written(TYPOS, "typo", 'In "The ferry that crosses" you wrote recieves instead of receives.\n'), ann)

    (receipt,) = postfix.inbox(ann, 1)
    assert receipt["Auto-Submitted"] == "auto-replied"
    (new,) = postfix.inbox(ed, 1)
    assert "*recieves*" in plain(new)
    (found,) = reports_of(server)
    assert (found["article_title"], found["anchor_state"]) == (factories.TITLE, "anchored")
    assert factories.TEXT[slice(found["start"], found["end"])] == "recieves"
    assert (found["original_text"], found["corrected_text"]) == ("recieves", "receives")

    send(postfix, answering(new, "fix"), ed)
    acknowledged = postfix.inbox(ed, 2)[1]
    assert acknowledged["Auto-Submitted"] == "auto-replied"
    told = postfix.inbox(ann, 2)[1]
    assert told["Subject"].startswith("Corrected, thank you")
    assert "receives" in plain(told)
    assert reports_of(server)[0]["status"] == "fixed"


def test_a_question_by_mail_is_answered_by_mail(
    server: Server, postfix: PostfixServer, people: tuple[str, str], session: Session
) -> None:
    ann, ed = people
    send(postfix, written(TYPOS, "the ferry that crosses by moonlight", "Since 1987? It was 1978, surely.\n"), ann)
    (new,) = postfix.inbox(ed, 1)
    send(postfix, answering(new, "ask: Where did you read that?"), ed)
    asked = postfix.inbox(ann, 2)[1]
    assert "Where did you read that?" in plain(asked)
    send(postfix, answering(asked, "In the harbour book, page 12."), ann)
    wait_until(lambda: "page 12" in _history(session))
    assert len(reports_of(server)) == 1


def _history(session: Session) -> str:
    session.rollback()
    return " ".join(session.scalars(select(Event.note)))
