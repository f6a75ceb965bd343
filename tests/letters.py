"""Raw mails as they come in, and what is done with them: stored and read, as in life, in one transaction."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage
from itertools import count

from sqlalchemy.orm import Session

from corrections.db import transaction
from corrections.domain import clock
from corrections.mail import incoming, outgoing
from corrections.mail.letterhead import Letter
from corrections.models import Erratum, InboxMessage, OutboxMessage, Way
from corrections.services import inbox

ANN = "ann@readers.test"
DESK = "desk@tide.example.org"
TYPO = 'In "The ferry that crosses by moonlight" you wrote recieves instead of receives.'

_numbers = count(1)


def letter(
    text: str = TYPO,
    *,
    sender: str = f"Ann Lee <{ANN}>",
    to: str = DESK,
    subject: str = "typo",
    message_id: str = "",
    answers: str = "",
    headers: Sequence[str] = (),
) -> bytes:
    """A mail of text alone; ``answers`` is the Message-ID that it answers."""
    lines = [
        *headers,
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Message-ID: {message_id or f'<m{next(_numbers)}@readers.test>'}",
        "Date: Mon, 04 May 2026 11:58:00 +0000",
        *([f"In-Reply-To: {answers}", f"References: {answers}"] if answers else []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        text,
    ]
    return "\r\n".join(lines).encode()


def arrives(
    session: Session,
    raw: bytes,
    *,
    way: Way = Way.LMTP,
    envelope_from: str | None = ANN,
    envelope_to: Sequence[str] = (DESK,),
) -> InboxMessage:
    """The row of a mail that was stored and read; committed."""
    with transaction():
        message, _ = inbox.store(
            session, raw, way, clock.now(), envelope_from=envelope_from, envelope_to=list(envelope_to)
        )
        incoming.read(session, message)
    return message


def erratum_of(message: InboxMessage) -> Erratum:
    """The erratum that a mail's first report is on."""
    erratum = message.reports[0].erratum
    assert erratum is not None
    return erratum


def as_sent(session: Session, message: OutboxMessage) -> EmailMessage:
    """A message of the outbox, as the one who gets it reads it."""
    raw = outgoing.message(Letter.of(message, outgoing.sender(session))).as_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text_of(mail: EmailMessage) -> str:
    """Its plain text, on one line."""
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).replace("\n>", "\n").split())


def answer_to(session: Session, message: OutboxMessage, text: str, **changes: object) -> bytes:
    """What its recipient writes back by pressing "answer"."""
    mail = as_sent(session, message)
    facts: dict[str, object] = {
        "sender": message.recipient,
        "to": str(mail["Reply-To"] or mail["From"]),
        "subject": f"Re: {mail['Subject']}",
        "answers": str(mail["Message-ID"]),
    }
    return letter(text, **(facts | changes))  # type: ignore[arg-type] # the values are of the types that it takes
