"""Mail of people, forgotten: who wrote it, and its bytes, which say so too. What was made of it stays."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from corrections.models import BouncedAddress, InboxMessage, Report, inbox_report


def erase(message: InboxMessage, at: datetime) -> None:
    """Forget whom the mail is from, its bytes and its attachments; subject, kind and outcome stay."""
    message.raw = message.envelope_from = None
    message.from_name = message.from_address = ""
    message.envelope_to = []
    message.attachments.clear()
    message.erased_at = at


def with_reporter(session: Session, report: Report, at: datetime, *, everywhere: bool) -> None:
    """Forget the mail that a report came by, unless another report of it still has a reporter.

    ``everywhere``: no other report has this address, so all mail from it goes, and that it bounced.
    """
    mail = report.inbox_message
    if mail is not None and all(other is report or other.reporter_email is None for other in mail.reports):
        erase(mail, at)
    if not everywhere or not report.reporter_email:
        return
    address = report.reporter_email.lower()
    theirs = select(InboxMessage).where(func.lower(InboxMessage.from_address) == address)
    for message in session.scalars(theirs):
        erase(message, at)
    bounced = session.scalar(select(BouncedAddress).where(BouncedAddress.address == address))
    if bounced is not None:
        session.delete(bounced)


def old_mail(session: Session, before: datetime, at: datetime, limit: int) -> int:
    """Forget mail received before a moment that no reporter who is still known sent; how many, at most ``limit``."""
    has_reporter = exists().where(
        inbox_report.c.inbox_message_id == InboxMessage.id,
        inbox_report.c.report_id == Report.id,
        Report.reporter_email.is_not(None) | Report.reporter_name.is_not(None),
    )
    old = select(InboxMessage).where(
        InboxMessage.received_at < before, InboxMessage.erased_at.is_(None), InboxMessage.read_at.is_not(None)
    )
    found = session.scalars(old.where(~has_reporter).order_by(InboxMessage.received_at).limit(limit)).all()
    for message in found:
        erase(message, at)
    return len(found)
