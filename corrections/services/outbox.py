"""Messages owed: written with their cause, claimed, sent and marked, each in a transaction of its own."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.errors import IllegalMove
from corrections.models import BouncedAddress, Event, MessageKind, OutboxMessage, Publication

# Goes out all the same: somebody waits for it in front of a log-in page, and may have had the address put right.
ALWAYS: Final = frozenset({"security"})
STOPPED: Final = "Not sent: mail to this address came back several times, so nothing more is sent there."
HOST_OF_LAST_RESORT: Final = "corrections.invalid"  # RFC 2606: never a real host


def owe(
    session: Session,
    event: Event | None,
    recipient: str,
    template: str,
    facts: dict[str, Any],
    at: datetime | None = None,
) -> OutboxMessage:
    """A mail owed for ``event`` (or, without one, at ``at``); the caller adds it to the session.

    Its Message-ID is fixed here. Mail on one erratum shares ``thread``, which References and In-Reply-To name. To an
    address that mail came back from too often it has failed from the start, for the desk to see.
    """
    moment = event.at if event is not None else at
    if moment is None:
        raise ValueError("a message without an event needs its moment")
    (columns,) = _columns(session, template, [(recipient, facts)], moment)
    return OutboxMessage(event=event, **columns)


def owe_all(session: Session, event: Event, template: str, told: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """A mail for each recipient with its facts, written at once; the event has to be written already."""
    rows = _columns(session, template, told, event.at)
    session.execute(insert(OutboxMessage), [{"event_id": event.id, **columns} for columns in rows])


def _columns(
    session: Session, template: str, told: Sequence[tuple[str, dict[str, Any]]], moment: datetime
) -> list[dict[str, Any]]:
    addresses = [] if template in ALWAYS else [recipient.lower() for recipient, _ in told]
    found = session.execute(_HOSTS_AND_STOPPED, {"addresses": addresses}).all()
    hosts = next((row.hosts for row in found if row.hosts), None)
    host = hosts[0].partition(":")[0] if hosts else HOST_OF_LAST_RESORT
    stopped = {row.address for row in found}
    return [
        {
            "kind": MessageKind.MAIL,
            "recipient": recipient,
            "template": template,
            "facts": facts,
            "message_id": f"<{template}.{secrets.token_hex(12)}@{host}>",
            "thread": _thread(facts, host),
            "owed_at": moment,
            "due_at": moment,
            "failed_at": moment if recipient.lower() in stopped else None,
            "last_error": STOPPED if recipient.lower() in stopped else "",
        }
        for recipient, facts in told
    ]


def _thread(facts: Mapping[str, Any], host: str) -> str:
    if number := facts.get("number"):
        return f"<erratum-{number}@{host}>"
    return f"<report-{facts['reference']}@{host}>" if facts.get("reference") else ""


# In one question, for it is asked for each mail that is owed: the publication, beside each address that is stopped.
_first: Final = select(Publication.hosts).order_by(Publication.id).limit(1).subquery()
_HOSTS_AND_STOPPED: Final = select(_first.c.hosts, BouncedAddress.address).outerjoin(
    BouncedAddress,
    and_(
        BouncedAddress.address.in_(bindparam("addresses", expanding=True)),
        BouncedAddress.stopped_at.is_not(None),
    ),
)


def claim(session: Session, now: datetime) -> OutboxMessage | None:
    """Lease the next message that is due, for limits.LEASE; None when nothing is."""
    waiting = OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None), OutboxMessage.due_at <= now
    first = (
        select(OutboxMessage.id)
        .where(*waiting)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    lease = {"due_at": now + limits.LEASE, "attempts": OutboxMessage.attempts + 1}
    step = update(OutboxMessage).where(OutboxMessage.id == first).values(lease).returning(OutboxMessage)
    return session.scalars(step, execution_options={"synchronize_session": False}).one_or_none()


def mark_sent(session: Session, message_id: int, now: datetime) -> None:
    """The server took it."""
    done = {"sent_at": now, "last_error": ""}
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(done))


def mark_failed(session: Session, message_id: int, error: str, now: datetime) -> bool:
    """The server did not take it: try again after a pause that grows, or give up after limits.GIVE_UP_AFTER.

    Whether it was given up. A message that was erased meanwhile is no longer owed.
    """
    message = session.get(OutboxMessage, message_id)
    if message is None:
        return False
    pauses = limits.RETRY_PAUSES
    message.last_error = error[: limits.REASON]
    if now - message.owed_at >= limits.GIVE_UP_AFTER:
        message.failed_at = now
        return True
    message.due_at = now + pauses[min(max(message.attempts, 1), len(pauses)) - 1]
    return False


def give_up(session: Session, message_id: int, error: str, now: datetime) -> None:
    """Trying again would not help; the desk shows why."""
    given_up = {"failed_at": now, "last_error": error[: limits.REASON]}
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(given_up))


def hasten(session: Session, now: datetime) -> int:
    """Make due at once what waits for its next attempt; how many messages.

    What is due within limits.LEASE stays as it is: somebody may be sending it at this moment.
    """
    waiting = (
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
        OutboxMessage.due_at > now + limits.LEASE,
    )
    due = update(OutboxMessage).where(*waiting).values(due_at=now).returning(OutboxMessage.id)
    return len(session.scalars(due, execution_options={"synchronize_session": False}).all())


def revive(message: OutboxMessage, now: datetime) -> None:
    """Try a message again that was given up or waits for its next attempt."""
    if message.sent_at is not None:
        raise IllegalMove("This message has been sent already.")
    message.failed_at = None
    message.owed_at = now
    message.due_at = now
    message.attempts = 0
