"""Mail that came in: stored once as it was, before anything is made of it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.models import InboxMessage, Way

# What carriers add on the way: the same mail delivered again, or by another way, differs in these.
TRACES: Final = (b"received", b"return-path", b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-")


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
    known = session.scalar(select(InboxMessage).where(InboxMessage.key == key))
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


def key_of(raw: bytes) -> str:
    """What a mail keeps however it travels, 64 hexadecimal digits: Message-ID, sender and date, else all but traces."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEADERS])
    said = [" ".join(str(headers.get(name, "")).split()) for name in ("Message-ID", "From", "Date")]
    if said[0]:
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogateescape")).hexdigest()
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.lower().startswith(TRACES)]
    return hashlib.sha256(b"\n".join(kept) + gap + body.rstrip()).hexdigest()


_HEADERS: Final = 256 * 1024  # bytes in which the headers of a mail are looked for
