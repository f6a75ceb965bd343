"""From a person's mail to reports: one for each error it tells of, and one receipt."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from flask import current_app
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from corrections.domain import limits, prose, screening
from corrections.domain.actors import Channel
from corrections.domain.anchors import Anchor
from corrections.domain.errors import Rejected
from corrections.domain.letters import LetterKind
from corrections.domain.sayings import Saying
from corrections.domain.screening import Sign
from corrections.domain.states import Screening
from corrections.domain.text import clean
from corrections.mail import phrases
from corrections.mail.arrival import Arrival
from corrections.mail.trust import Trust
from corrections.models import InboxMessage, Report, inbox_report
from corrections.services import placing, receipts, reports
from corrections.services.placing import Spot
from corrections.services.reports import Contact, NewReport

KEY: Final = 40  # letters of a mail's key that name its reports


Told: TypeAlias = Sequence[tuple[NewReport, Spot | None]]


def understood(session: Session, arrival: Arrival, signs: Sequence[Sign] = ()) -> Told:
    """The reports that the mail makes, each with where it belongs; nothing is written.

    ``signs`` are what speaks for a machine; where they suffice nothing is looked for.
    """
    sayings = prose.read_mail(arrival.parsed.subject, arrival.parsed.said, arrival.parsed.quoted)
    held = screening.doubtful(signs)
    return [
        (_new_report(arrival, saying, number), None if held else placing.look(session, saying))
        for number, saying in enumerate(sayings[: limits.ERRORS_PER_MAIL], start=1)
    ]


def report(session: Session, arrival: Arrival, told: Told, signs: Sequence[Sign] = ()) -> str:
    """Submit what the mail says and owe its sender a receipt; what became of it, in a line.

    ``signs`` are what speaks for a machine. The same mail again makes nothing new and sends nothing.
    """
    known = _made_before(session, arrival.message)
    signs = [*signs, *_of_many(session, arrival)]
    made = [_submitted(session, arrival, replace(new, signs=signs), spot) for new, spot in told]
    new = [one for one in made if one.id not in known]
    if new:
        rows = [{"report_id": one.id, "inbox_message_id": arrival.message.id} for one in new]
        session.execute(insert(inbox_report), rows)
        session.expire(arrival.message, ["reports"])
    is_answered = arrival.is_answerable and not _is_flood(session, arrival)
    if new and is_answered and all(one.screening is Screening.PASSED for one in made):
        receipts.owe(session, made, arrival.identifier, arrival.at)
    return "; ".join(_outcome(one) for one in made)


def _made_before(session: Session, message: InboxMessage) -> set[int]:
    """The reports that this very mail has made; none unless it was read before."""
    if message.read_at is None:
        return set()
    return set(session.scalars(select(inbox_report.c.report_id).where(inbox_report.c.inbox_message_id == message.id)))


def _is_flood(session: Session, arrival: Arrival) -> bool:
    """Whether so much came in that senders may be forged: answers would go to people who never wrote."""
    if arrival.trust is Trust.PASSED:
        return False
    earlier = session.scalar(_SO_MANY_BEFORE, {"this": arrival.message.id, "others": limits.ANSWERED_MAILS - 1})
    return earlier is not None and earlier > arrival.at - limits.RECEIPT_WINDOW


_SO_MANY_BEFORE: Final = (
    select(InboxMessage.received_at)
    .where(InboxMessage.kind == LetterKind.REPORT, InboxMessage.id != bindparam("this"))
    .order_by(InboxMessage.id.desc())
    .offset(bindparam("others"))
    .limit(1)
)


def _submitted(session: Session, arrival: Arrival, new: NewReport, spot: Spot | None) -> Report:
    act = reports.reader(channel=Channel.MAIL if arrival.is_live else Channel.IMPORT)
    try:
        return reports.submit(session, new, act, spot=spot)
    except Rejected:  # it has to reach an editor all the same
        nothing = Anchor(exact="")
        bare = replace(new, article="", anchor=nothing, corrected_text="", saying=Saying(notes=new.notes))
        return reports.submit(session, bare, act)


def _new_report(arrival: Arrival, saying: Saying, number: int) -> NewReport:
    parsed, first = arrival.parsed, saying.first
    return NewReport(
        submission_key=f"mail:{arrival.message.key[:KEY]}:{number}",
        source_id=arrival.identifier or None,
        article=clean(saying.articles[0], limits.ARTICLE_AS_GIVEN) if saying.articles else "",
        anchor=Anchor(exact=clean(first.original, limits.QUOTE), prefix=saying.prefix, suffix=saying.suffix),
        corrected_text=clean(first.corrected, limits.QUOTE),
        notes=notes(arrival),
        name=parsed.from_name,
        email=parsed.from_address,
        sender=_sender(parsed.from_address) if arrival.is_live else "",
        saying=saying,
        contact=Contact.SENDER if arrival.is_answerable else Contact.SILENT,
        quiet=not arrival.is_live,
    )


def notes(arrival: Arrival) -> str:
    """The person's words under their subject; where there are none, what was passed on or attached. Never ''."""
    parsed = arrival.parsed
    subject = clean(phrases.without_prefixes(parsed.subject))
    words = clean(parsed.said) or clean(parsed.quoted) or clean(parsed.text)
    words = words or ", ".join(part.name or part.media_type for part in parsed.attachments)
    heading = "" if subject.casefold() in words.casefold() else subject
    return "\n\n".join(filter(None, (heading, words)))[: limits.NOTES] or subject or "?"


def _sender(address: str) -> str:
    """A salted hash of an address, for quotas."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"mail:{address.casefold()}".encode(), hashlib.sha256).hexdigest()[:32]


def _of_many(session: Session, arrival: Arrival) -> list[Sign]:
    """A mail cannot be told to come later, so more than the quota of one sender waits for screening."""
    if not arrival.is_live or not arrival.parsed.from_address:
        return []
    quota = current_app.config["REPORTS_PER_SENDER"]
    asked = {"sender": _sender(arrival.parsed.from_address), "since": arrival.at - limits.QUOTA_WINDOW, "quota": quota}
    return [Sign.MANY_MAILS] if session.scalar(_RECENT, asked) == quota else []


_RECENT: Final = select(func.count()).select_from(
    select(Report.id)
    .where(Report.sender == bindparam("sender"), Report.received_at > bindparam("since"))
    .limit(bindparam("quota"))
    .subquery()
)


def _outcome(report: Report) -> str:
    if report.screening is Screening.HELD:
        return f"report {report.reference} is held for screening"
    number = report.erratum.number if report.erratum is not None else "?"
    return f"report {report.reference} is on erratum {number}"
