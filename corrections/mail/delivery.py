"""Carrying mail out: claim, render and send, mark; each in its own transaction, and none open while sending."""

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self, TypeVar

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from corrections.db import db, transaction
from corrections.domain import clock, limits
from corrections.mail import outgoing
from corrections.mail.connection import Connection
from corrections.mail.letterhead import Letter
from corrections.mail.outgoing import Unsendable
from corrections.models import OutboxMessage
from corrections.services import outbox

log = logging.getLogger(__name__)

# Seconds for one message, from its claim on; well within the lease, so that nobody else sends it meanwhile.
TIME_FOR_ONE: Final = limits.LEASE.total_seconds() * 0.8
PER_CONNECTION: Final = 100  # many servers close a connection after so many messages
NOTE_AGAIN: Final = (0.5, 1.0, 2.0, 5.0)  # seconds

Result = TypeVar("Result")


@dataclass(slots=True)
class Tally:
    """What became of the mail that was due. ``unreachable`` is why the server could not be spoken to."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unreachable: str = ""


class Unreachable(Exception):
    """There is no connection to be had, so the next message would fare no better."""


def anything_due(now: datetime) -> bool:
    """Whether mail is due; a read that takes no lock."""
    due = OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None), OutboxMessage.due_at <= now
    return db.session.scalar(select(OutboxMessage.id).where(*due).limit(1)) is not None


def deliver_due(stop: Callable[[], bool] = lambda: False) -> Tally:
    """Send what is due, one message after the other over one connection, until nothing is or ``stop`` says so.

    Stops too when the server cannot be reached.
    """
    tally = Tally()
    with Carrier() as carrier:
        while not stop() and (letter := _claimed()) is not None:
            try:
                _deliver(carrier, letter, tally)
            except Unreachable as problem:
                tally.unreachable = str(problem)
                break
    return tally


def _claimed() -> Letter | None:
    with transaction() as session:
        message = outbox.claim(session, clock.now())
        return Letter.of(message, outgoing.sender(session)) if message is not None else None


def _deliver(carrier: "Carrier", letter: Letter, tally: Tally) -> None:
    told = {"template": letter.template, "message_id": letter.message_id}
    try:
        carrier.carry(letter, time.monotonic() + TIME_FOR_ONE)
    except Unsendable as problem:
        log.error("mail cannot be sent: %s", problem.kind, extra=told)  # noqa: TRY400 - its cause was logged
        sentence = str(problem)
        _note(lambda session: outbox.give_up(session, letter.id, sentence, clock.now()))
        tally.failed += 1
    except (smtplib.SMTPException, OSError) as problem:
        log.warning("mail not taken: %s", type(problem).__name__, extra={**told, "code": code_of(problem)})
        sentence = said(problem)
        given_up = _note(lambda session: outbox.mark_failed(session, letter.id, sentence, clock.now()))
        tally.failed += given_up
        tally.waiting += not given_up
        if not carrier.connected:
            raise Unreachable(sentence) from problem
    else:
        _note(lambda session: outbox.mark_sent(session, letter.id, clock.now()))
        log.info("mail sent", extra=told)
        tally.sent += 1


def _note(write: Callable[[Session], Result]) -> Result:
    """Write down what became of a message; again, if the database is away, for else it would be sent again."""
    for pause in NOTE_AGAIN:
        try:
            with transaction() as session:
                return write(session)
        except DBAPIError as error:
            log.warning("not noted what became of a mail; trying again", exc_info=error)
            time.sleep(pause)
    with transaction() as session:
        return write(session)


class Carrier:
    """A connection that is opened for the first message and kept for the next ones."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._carried = 0
        self.connected = False

    def carry(self, letter: Letter, deadline: float) -> None:
        """Render and send. Raises Unsendable, smtplib.SMTPException and OSError."""
        message = outgoing.message(letter)
        self.connected = False
        connection = self._open(deadline)
        self.connected = True
        try:
            connection.keep_to(deadline)
            connection.send(message, envelope_from=message.envelope_from)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
            if not connection.open:
                self._close()
            raise
        except BaseException:
            self._close()  # in the middle of something
            raise
        self._carried += 1

    def _open(self, deadline: float) -> Connection:
        if self._connection is not None and self._carried % PER_CONNECTION == 0:
            self._close()
        if self._connection is None:
            self._connection = Connection(deadline).__enter__()
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.__exit__(None, None, None)
        self._connection, self._carried = None, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()


def code_of(problem: Exception) -> int | None:
    """The code of the server's reply, if there was one."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in problem.recipients.values()), None)
    return problem.smtp_code if isinstance(problem, smtplib.SMTPResponseException) else None


def said(problem: Exception) -> str:
    """What went wrong, in a sentence for the desk."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        replies = [f"{code} {_text(reply)}" for code, reply in problem.recipients.values()]
        return f"The mail server refused the address: {'; '.join(replies)}"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"The mail server answered: {problem.smtp_code} {_text(problem.smtp_error)}"
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):
        return "The mail server took too long to answer."
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return "The mail server closed the connection."
    server = f"{current_app.config['MAIL_SERVER']}:{current_app.config['MAIL_PORT']}"
    reason = getattr(problem, "strerror", None) or str(problem)
    return f"The mail server {server} cannot be reached: {reason}"


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())
