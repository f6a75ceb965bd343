"""What mail that came back teaches: which message was not delivered, and which address is not written to any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.models import BouncedAddress, OutboxMessage
from corrections.services import outbox

_OF_ADDRESS: Final = select(BouncedAddress).where(BouncedAddress.address == bindparam("address"))
# A bounce that does not name our message is of one that was sent so lately: servers try for five days (RFC 5321).
LATELY: Final = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a mail system told: ``message_id`` of the original, '' where it did not say; the addresses not reached.

    ``permanent``: trying again would not help. ``complaint``: whoever got it called it spam.
    """

    message_id: str = ""
    recipients: Sequence[str] = ()
    permanent: bool = False
    complaint: bool = False
    reason: str = ""


def note(session: Session, returned: Returned, at: datetime) -> list[OutboxMessage]:
    """Mark our messages that came back, and count against their addresses; those marked just now.

    Some relays change the Message-ID, hence the addresses. A bounce counts once for a message that we did send, so an
    address that we have not written to lately cannot be silenced by inventing bounces.
    """
    found = _by_id(session, returned.message_id) if returned.message_id else None
    lost = [found] if found is not None else _lately_sent(session, returned.recipients, at)
    marked = [message for message in lost if message.bounced_at is None]
    for message in marked:
        message.last_error = returned.reason[: limits.REASON]
        if returned.permanent or returned.complaint:
            message.bounced_at = at
            count(session, message.recipient, returned.reason, at, stop=returned.complaint)
    session.flush()
    return marked


def _by_id(session: Session, message_id: str) -> OutboxMessage | None:
    wanted = f"<{message_id.strip().strip('<>')}>"
    return session.scalar(select(OutboxMessage).where(OutboxMessage.message_id == wanted))


def _lately_sent(session: Session, recipients: Sequence[str], at: datetime) -> list[OutboxMessage]:
    found = []
    for recipient in dict.fromkeys(recipients):
        spellings = {recipient, recipient.lower()}
        sent = select(OutboxMessage).where(OutboxMessage.recipient.in_(spellings), OutboxMessage.sent_at > at - LATELY)
        last = session.scalar(sent.order_by(OutboxMessage.sent_at.desc(), OutboxMessage.id.desc()).limit(1))
        if last is not None:
            found.append(last)
    return found


def count(session: Session, address: str, reason: str, at: datetime, *, stop: bool = False) -> BouncedAddress:
    """One more mail to this address was refused for good; after limits.HARD_BOUNCES, or ``stop``, none goes there."""
    bounced = session.scalar(_OF_ADDRESS, {"address": address.lower()})
    if bounced is None:
        bounced = BouncedAddress(address=address.lower(), bounces=0, first_at=at, last_at=at)
        session.add(bounced)
    bounced.bounces += 1
    bounced.last_at = max(bounced.last_at, at)
    bounced.reason = reason[: limits.REASON]
    if (stop or bounced.bounces >= limits.HARD_BOUNCES) and bounced.stopped_at is None:
        bounced.stopped_at = at
        _give_up_waiting(session, address, at)
    return bounced


def _give_up_waiting(session: Session, address: str, at: datetime) -> None:
    waiting = update(OutboxMessage).where(
        OutboxMessage.recipient == address,
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
        OutboxMessage.template.not_in(outbox.ALWAYS),
    )
    session.execute(waiting.values(failed_at=at, last_error=outbox.STOPPED))


def heard_from(session: Session, address: str) -> None:
    """Somebody wrote from this address, so it works: mail goes there again."""
    bounced = session.scalar(_OF_ADDRESS, {"address": address.lower()})
    if bounced is not None:
        bounced.bounces, bounced.stopped_at = 0, None
