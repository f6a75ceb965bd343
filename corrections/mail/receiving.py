"""Mail that comes in, whichever way: stored durably first, read afterwards, each mail in a transaction of its own."""

import ctypes
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from corrections.db import db, transaction, violates
from corrections.domain import clock, limits
from corrections.domain.errors import CorrectionsError
from corrections.domain.letters import LetterState
from corrections.models import InboxMessage, Way
from corrections.services import inbox

log = logging.getLogger(__name__)

LARGE: Final = 1_000_000  # bytes from which memory is asked of the system and not of glibc's own stock
_M_MMAP_THRESHOLD: Final = -3  # malloc.h

_processes_first = count()  # 0 is the first mail that this process reads


class TooLarge(CorrectionsError):
    """More bytes than are taken."""


class NoMail(CorrectionsError):
    """There is nothing in it."""


def give_memory_back() -> None:
    """Have this process return the memory of a large mail once it is done (glibc keeps it to itself otherwise)."""
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)


def take(
    raw: bytes,
    way: Way,
    *,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
    at: datetime | None = None,
) -> bool:
    """Store a mail so that it survives a power failure, and whether it is new; ``at`` is when it came (now).

    Raises NoMail, TooLarge, and what the database raises.
    """
    return keep(raw, way, envelope_from=envelope_from, envelope_to=envelope_to, at=at)[1]


def keep(
    raw: bytes,
    way: Way,
    *,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
    at: datetime | None = None,
) -> tuple[int, bool]:
    """As ``take``, with the number of the row before whether it is new."""
    if not raw.strip():
        raise NoMail("The mail is empty.")
    if len(raw) > limits.MAIL_BYTES:
        raise TooLarge(f"The mail has more than {limits.MAIL_BYTES:,} bytes.")
    sender = _storable(envelope_from)
    recipients = [address for address in map(_storable, envelope_to) if address]
    moment = at or clock.now()

    def stored() -> tuple[int, bool]:
        with transaction() as session:
            message, is_new = inbox.store(session, raw, way, moment, envelope_from=sender, envelope_to=recipients)
            return message.id, is_new

    try:
        return stored()
    except IntegrityError as error:
        if not violates(error, "uq_inbox_message_key"):
            raise
        return stored()  # the same mail came by another way at the same moment, and is there now


def _storable(address: str | None) -> str | None:
    """An address as a database takes it; None when it is too long to be one."""
    if address is None or len(address) > limits.MAIL_ADDRESS:
        return None
    return address.encode("utf-8", "replace").decode().replace("\0", "")


def read_waiting(stop: Callable[[], bool] = lambda: False) -> int:
    """Read the mails that wait, oldest first, until none is left or ``stop`` says so; how many were read.

    One that cannot be read is tried again by the next call, limits.READ_ATTEMPTS times in all. Raises DBAPIError when
    the database is away.
    """
    done = last = 0
    while not stop() and (number := _next(last)) is not None:
        last = number
        done += read(number)
    return done


def _next(after: int) -> int | None:
    """The next mail that waits; a read that takes no lock."""
    return db.session.scalar(_NEXT, {"after": after})


# Written into the statement, or the index of what waits is not used: it has the same words in its condition.
_WAITING: Final = InboxMessage.state == bindparam("waiting", LetterState.WAITING, literal_execute=True)
_NEXT: Final = (
    select(InboxMessage.id).where(_WAITING, InboxMessage.id > bindparam("after")).order_by(InboxMessage.id).limit(1)
)


def read(number: int) -> bool:
    """Read one mail, if it waits; whether that was done here and now. Raises DBAPIError when the database is away.

    The first one of a process is counted before it is read: the process before this may have died of it.
    """
    from corrections.mail import incoming  # taking mail, which has to be quick, can do without all that reads it

    is_counted = next(_processes_first) == 0
    if is_counted and not _attempt(number):
        return False
    try:
        with transaction(reading_first=True) as session:
            message = inbox.hold(session, number, with_bytes=True)
            if message is not None:
                incoming.read(session, message)
            return message is not None
    except inbox.ReadMeanwhile:
        return False
    except Exception:
        log.exception("mail %d cannot be read", number)
    with transaction() as session:
        if inbox.note_failure(session, number, is_counted=is_counted):
            log.error("mail %d is given up", number)
    return False


def _attempt(number: int) -> bool:
    with transaction() as session:
        return inbox.begin_attempt(session, number)
