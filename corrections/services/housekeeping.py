"""What time brings: reporters are forgotten, what was held comes back."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.actors import Act, Channel
from corrections.domain.states import Move, Status
from corrections.models import Erratum, Report
from corrections.services import erasing, reports, triage
from corrections.services.triage import Said


def erase_what_is_old(session: Session, now: datetime, keep: timedelta, limit: int = 100) -> int:
    """Erase names and addresses of reporters whose report was received that long ago and is decided, and old mail.

    How many of the one or of the other, whichever are more.
    """
    old = (
        select(Report)
        .outerjoin(Erratum, Report.erratum_id == Erratum.id)
        .where(
            Report.received_at < now - keep,
            (Report.reporter_email.is_not(None)) | (Report.reporter_name.is_not(None)),
            Report.erratum_id.is_(None) | (Erratum.closed_at < now - keep),
        )
        .order_by(Report.id)
        .limit(limit)
    )
    act = Act(channel=Channel.SYSTEM, label="Corrections", at=now)
    found = session.scalars(old).all()
    for report in found:
        reports.erase_reporter(session, report, act)
    return max(len(found), erasing.old_mail(session, now - keep, now, limit))


def forget_senders(session: Session, now: datetime) -> None:
    """Erase the hashes of network addresses that no quota looks at any more."""
    old = update(Report).where(Report.sender > "", Report.received_at < now - limits.QUOTA_WINDOW)
    session.execute(old.values(sender=""), execution_options={"synchronize_session": False})


def wake_held(session: Session, now: datetime, today: date) -> int:
    """Bring errata back to the queue that were held until a day that has come; how many."""
    due = select(Erratum).where(Erratum.status == Status.HELD, Erratum.held_until <= today).order_by(Erratum.id)
    act = Act(channel=Channel.SYSTEM, label="Corrections", at=now)
    found = session.scalars(due.limit(limits.PAGE)).all()
    for erratum in found:
        until = erratum.held_until.isoformat() if erratum.held_until is not None else ""
        triage.move(session, erratum, Move.VERIFY, act, Said(reason=f"held until {until}"))
    return len(found)
