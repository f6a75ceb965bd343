"""The one answer to a mail in which somebody reported errors: what was noted, and what is decided of it already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.states import OPEN, Resolution, Status
from corrections.models import (
    Correction,
    CorrectionState,
    Erratum,
    Event,
    EventKind,
    OutboxMessage,
    Report,
    correction_erratum,
)
from corrections.services import outbox

RECEIPTS: Final = ("mail_received", "report_received")
EXCERPT: Final = 1_000  # characters of the notes that a receipt repeats


def owe(session: Session, reports: Sequence[Report], answers: str, at: datetime) -> OutboxMessage | None:
    """A receipt for the reports of one mail, owed to who wrote it; ``answers`` is the mail's Message-ID.

    None when there is nobody to write to, or a receipt went there within limits.RECEIPT_WINDOW.
    """
    address = next((report.address for report in reports if report.address), None)
    if address is None or was_sent(session, address, RECEIPTS, at):
        return None
    errors = [_error(session, report, at) for report in reports]
    first = reports[0]
    titles = {error["title"] for error in errors}
    facts: dict[str, Any] = {
        "reference": first.reference,
        "answers": answers,
        "errors": errors,
        "title": titles.pop() if len(titles) == 1 else "",
        "undecided": any(error["status"] not in {Status.FIXED, Status.REJECTED} for error in errors),
    }
    if len(errors) == 1 and first.erratum is not None:
        facts["number"] = first.erratum.number
    message = outbox.owe(session, None, address, "mail_received", facts, at=at)
    session.add(message)
    return message


def was_sent(session: Session, address: str, templates: Sequence[str], at: datetime, times: int = 1) -> bool:
    """Whether so many mails of these kinds went or will go to the address, of within limits.RECEIPT_WINDOW."""
    asked = {"address": address, "templates": list(templates), "since": at - limits.RECEIPT_WINDOW, "times": times}
    return len(session.scalars(_RECENT, asked).all()) >= times


_RECENT: Final = (
    select(OutboxMessage.id)
    .where(
        OutboxMessage.recipient == bindparam("address"),
        OutboxMessage.template.in_(bindparam("templates", expanding=True)),
        OutboxMessage.owed_at > bindparam("since"),
        OutboxMessage.failed_at.is_(None),
    )
    .limit(bindparam("times"))
)


def _error(session: Session, report: Report, at: datetime) -> dict[str, Any]:
    erratum = report.erratum
    told: dict[str, Any] = {
        "reference": report.reference,
        "quote": report.read_original or report.original_text,
        "suggestion": report.read_corrected or report.corrected_text,
        "notes": report.notes[:EXCERPT],
        "title": "",
        "status": "",
        "reports": 1,
    }
    if erratum is None:
        return told
    told |= {
        "title": erratum.article.title if erratum.article is not None else "",
        "status": _status(erratum).value,
        "reports": erratum.report_count,
    }
    if told["status"] in {Status.FIXED, Status.REJECTED}:
        report.outcome_told_at = at
        told |= {"correction": _correction(session, erratum), "reason": _reason(session, erratum)}
    return told


def _status(erratum: Erratum) -> Status:
    """As the reader may know it: nobody is told that others were taken for robots."""
    is_told = erratum.status in OPEN or erratum.resolution not in {Resolution.SPAM, Resolution.WITHDRAWN}
    return erratum.status if is_told else Status.REPORTED


def _correction(session: Session, erratum: Erratum) -> int | None:
    published = select(Correction.number).join(correction_erratum, correction_erratum.c.correction_id == Correction.id)
    in_force = published.where(
        correction_erratum.c.erratum_id == erratum.id,
        Correction.current,
        Correction.state == CorrectionState.PUBLISHED,
    )
    return session.scalar(in_force.order_by(Correction.number.desc()).limit(1))


def _reason(session: Session, erratum: Erratum) -> str:
    """The public words of the last decision not to change it."""
    said = select(Event.note).where(Event.erratum_id == erratum.id, Event.kind == EventKind.REJECTED)
    return (session.scalar(said.order_by(Event.id.desc()).limit(1)) or "") if erratum.status is Status.REJECTED else ""
