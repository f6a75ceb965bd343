"""Mail that came in: stored once as it was, before anything is made of it."""

import hashlib
import io
import re
from collections.abc import Sequence
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, undefer

from corrections import db
from corrections.domain import limits
from corrections.domain.errors import IllegalMove, NotFound, Stale
from corrections.domain.letters import LetterKind, LetterState
from corrections.models import InboxMessage, Way

# What carriers add on the way: the same mail delivered again, or by another way, differs in these.
TRACES: Final = (b"received", b"return-path", b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-")
# What an editor may say is a report all the same.
NOT_A_PERSONS: Final = (
    LetterKind.LIST,
    LetterKind.SPAM,
    LetterKind.AUTOREPLY,
    LetterKind.BOUNCE,
    LetterKind.OURS,
    LetterKind.EMPTY,
)


def store(
    session: Session,
    raw: bytes,
    way: Way,
    at: datetime,
    *,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
) -> tuple[InboxMessage, bool]:
    """Keep a mail, to be read later, and whether it is new: the same one delivered again is the row that is there.

    ``envelope_from`` is '' for the null sender and None where the carrier did not say.
    """
    key = key_of(raw)
    known = session.scalar(_BY_KEY, {"key": key})
    if known is not None:
        return known, False
    message = InboxMessage(
        key=key,
        way=way,
        envelope_from=envelope_from,
        envelope_to=list(envelope_to),
        raw=raw,
        size=len(raw),
        received_at=at,
    )
    session.add(message)
    session.flush()
    return message, True


_BY_KEY: Final = select(InboxMessage).where(InboxMessage.key == bindparam("key"))


class ReadMeanwhile(Stale):
    """Somebody else has read the mail, or erased it."""


def hold(session: Session, number: int, *, with_bytes: bool = False) -> InboxMessage | None:
    """The mail, locked against other workers until the transaction ends; None when it no longer waits or is locked.

    SQLite locks no rows; there, in a transaction that reads first, others are kept out by ``begin_writing`` only.
    """
    return session.scalar(_WHOLE if with_bytes else _WAITING, {"number": number})


_WAITING: Final = (
    select(InboxMessage)
    .where(InboxMessage.id == bindparam("number"), InboxMessage.state == LetterState.WAITING)
    .with_for_update(skip_locked=True)
)
_WHOLE: Final = _WAITING.options(undefer(InboxMessage.raw))


def begin_writing(session: Session, message: InboxMessage) -> None:
    """Take the write lock after the mail was understood. Raises ReadMeanwhile when it is not as it was found."""
    if not db.begin_writing(session):
        return
    found = session.execute(_AS_IT_IS, {"number": message.id}).one_or_none()
    if found is None or tuple(found) != (message.state, message.read_at, message.erased_at):
        raise ReadMeanwhile("Somebody else has read this mail in the meantime.")


_AS_IT_IS: Final = select(InboxMessage.state, InboxMessage.read_at, InboxMessage.erased_at).where(
    InboxMessage.id == bindparam("number")
)


def begin_attempt(session: Session, number: int) -> bool:
    """Count an attempt to read before it is made; whether it may be made. The last one's mail has failed."""
    message = hold(session, number)
    if message is None:
        return False
    if message.attempts >= limits.READ_ATTEMPTS:
        message.state = LetterState.FAILED
        return False
    message.attempts += 1
    return True


def note_failure(session: Session, number: int, *, is_counted: bool) -> bool:
    """An attempt to read was in vain; whether it was the last one, so that the mail has failed."""
    message = hold(session, number)
    if message is None:
        return False
    message.attempts += not is_counted
    if message.attempts < limits.READ_ATTEMPTS:
        return False
    message.state = LetterState.FAILED
    return True


def revive(message: InboxMessage) -> None:
    """Have a mail read again that could not be read."""
    if message.state is not LetterState.FAILED:
        raise IllegalMove("This message does not wait for being read again.")
    if message.erased_at is not None:
        raise IllegalMove("This message was erased, so it cannot be read again.")
    message.state = LetterState.WAITING
    message.attempts = 0


def can_become_report(message: InboxMessage) -> bool:
    """Whether it was read, not taken for what a person wrote to us, and is still there."""
    return message.kind in NOT_A_PERSONS and message.erased_at is None and not message.reports


def hold_for_report(session: Session, number: int) -> InboxMessage:
    """The mail, locked, of which an editor makes a report. Raises NotFound and IllegalMove."""
    message = session.scalar(select(InboxMessage).where(InboxMessage.id == number).with_for_update())
    if message is None:
        raise NotFound("There is no such mail.")
    if not can_become_report(message):
        raise IllegalMove("No report can be made of this mail any more.")
    return message


def key_of(raw: bytes) -> str:
    """What a mail keeps however it travels, 64 hexadecimal digits: Message-ID, sender and date, else all but traces."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEADERS])
    said = [" ".join(str(headers.get(name, "")).split()) for name in ("Message-ID", "From", "Date")]
    if said[0]:
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogateescape")).hexdigest()
    gap = re.search(rb"\r?\n\r?\n", raw)
    end = gap.start() if gap is not None else len(raw)
    head = raw[:end].replace(b"\r\n", b"\n").rstrip()
    kept = [line for line in head.split(b"\n") if not line.lower().startswith(TRACES)]
    digest = hashlib.sha256(b"\n".join(kept))
    _add_body(digest, raw, end)
    return digest.hexdigest()


def _add_body(digest: "hashlib._Hash", raw: bytes, start: int) -> None:
    """Line by line, without a second copy of a large mail; neither kinds of line ends nor blanks at the end count."""
    lines, blanks = io.BytesIO(raw), b""
    lines.seek(start)
    for line in lines:
        words = line.rstrip()
        if words:
            digest.update(blanks + words)
            blanks = b""
        blanks += line[len(words) :].replace(b"\r\n", b"\n")


_HEADERS: Final = 256 * 1024  # bytes in which the headers of a mail are looked for
