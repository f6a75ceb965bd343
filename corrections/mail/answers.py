"""A reader's answer to one of our mails: a note on the report, when it is really from the one who reported."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.actors import Act, Channel
from corrections.domain.text import clean
from corrections.mail import addresses
from corrections.mail.arrival import Arrival
from corrections.mail.trust import Trust
from corrections.models import Event, EventKind, Report
from corrections.services import trail

LABEL: Final = "The reporter"
TOLD: Final = 10  # answers on one report of which editors are told by mail within limits.QUOTA_WINDOW; all are noted


def report_of(session: Session, arrival: Arrival) -> Report | None:
    """The report that the mail adds to; None when it answers none, or whoever wrote it is not who reported.

    Knowing the address or the number is not enough: a mail can be forwarded, and numbers can be guessed.
    """
    reference = _reference(session, arrival)
    if not reference or arrival.trust is Trust.FAILED:
        return None
    report = session.scalar(select(Report).where(Report.reference == reference))
    if report is None or report.withdrawn_at is not None:
        return None
    return report if addresses.same(report.reporter_email or "", arrival.parsed.from_address) else None


def _reference(session: Session, arrival: Arrival) -> str:
    about = arrival.signed_for()
    if about is not None and about.report:
        return about.report
    answered = arrival.answered(session)
    return str(answered.facts.get("reference") or "") if answered is not None else ""


def add(session: Session, arrival: Arrival, report: Report, *, quiet: bool = False) -> str:
    """Write the reader's words into the history; those who decide are told. What became of it, in a line."""
    words = clean(arrival.parsed.said, limits.NOTES) or _attached(arrival)
    if not words:
        return f"nothing was added to report {report.reference}"
    act = Act(channel=Channel.MAIL, label=LABEL, at=arrival.at)
    quiet = quiet or _are_many(session, arrival, report)
    trail.record(session, EventKind.NOTED, act, report=report, erratum=report.erratum, note=words, quiet=quiet)
    return f"a note on report {report.reference}"


def _are_many(session: Session, arrival: Arrival, report: Report) -> bool:
    """Whether editors were told of so much from this reader that a machine must be writing."""
    since = arrival.at - limits.QUOTA_WINDOW
    told = select(Event.id).where(Event.report_id == report.id, Event.kind == EventKind.NOTED, Event.at > since)
    return len(session.scalars(told.limit(TOLD)).all()) == TOLD


def _attached(arrival: Arrival) -> str:
    return ", ".join(part.name or part.media_type for part in arrival.parsed.attachments)
